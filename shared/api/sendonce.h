// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIODevice>

namespace danube::api {

/// A request body that can be read one single time. QNetworkAccessManager silently sends a request again when the
/// connection dies before the answer, POST included; with a body that cannot be rewound it reports the error instead,
/// and a job is never started twice. Needs DoNotBufferUploadDataAttribute and a Content-Length.
class SendOnce final : public QIODevice
{
    Q_OBJECT
public:
    explicit SendOnce(QByteArray body, QObject *parent = nullptr) : QIODevice(parent), m_body(std::move(body))
    {
        open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    }
    bool isSequential() const override { return true; }
    bool reset() override { return m_read == 0; }
    bool atEnd() const override { return m_read == m_body.size(); }
    qint64 bytesAvailable() const override { return m_body.size() - m_read; }

protected:
    qint64 readData(char *data, qint64 maxSize) override
    {
        const qint64 length = std::min<qint64>(maxSize, m_body.size() - m_read);
        if (length == 0)
            return m_body.isEmpty() ? 0 : -1;
        std::copy_n(m_body.constData() + m_read, length, data);
        m_read += length;
        return length;
    }
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    QByteArray m_body;
    qint64 m_read = 0;
};

} // namespace danube::api
