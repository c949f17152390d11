// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QUrl>

namespace danube::tests {

/// Fetches addresses as a browser would and forgets the answers.
class Browser : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    void open(const QUrl &url)
    {
        QNetworkReply *reply = m_network.get(QNetworkRequest(url));
        connect(reply, &QNetworkReply::finished, this, [this, reply] {
            status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
            page = reply->readAll();
            reply->deleteLater();
        });
    }
    int status = 0; ///< of the last answer
    QByteArray page;

private:
    QNetworkAccessManager m_network;
};

} // namespace danube::tests
