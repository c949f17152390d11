// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/mainwindow.h"

#include <QSet>

class QDialog;
class QListWidget;

namespace danube::tests {

/// A window with something to show, and what it takes to get it to show everything.
struct Scene
{
    console::MainWindow &window;
    console::MasterSession &master; ///< connected and live, of kind development, with a Blueprint and several jobs
    console::MasterSession *production = nullptr; ///< connected as one; null: what needs it is a problem
    JobId job;                                    ///< of `master`, with a log
    QString logFile;
    QString issuer; ///< of an OpenID provider that answers
    /// Somebody else commits this text as config.json.
    std::function<void(const QByteArray &config)> commitElsewhere;
};

/// Brings every page and every dialog of the console to the front, one after the other. Pages come from the registry
/// (pages.h) with each of their tabs, so that a new one is looked at without a change here; a new class of dialog makes
/// A35 fail until it stands in walkdialogs.cpp. Leaves the window as it was, but for open tabs.
class Walk
{
public:
    /// `shown`: the window, or the dialog. What is asked of the master has come by then.
    using Look = std::function<void(const QString &name, QWidget &shown)>;
    explicit Walk(const Scene &scene) : m_scene(scene) {}

    void pages(const Look &look);
    void dialogs(const Look &look);
    const QStringList &problems() const { return m_problems; }       ///< what did not come to the front
    const QSet<QString> &dialogClasses() const { return m_classes; } ///< that were looked at
    const QStringList &names() const { return m_names; }             ///< of all that was looked at, in order

    static QStringList classesInSource(); ///< of dialogs, by the headers of console/app
    static void settle();                 ///< what is posted is done and painted

private:
    bool wait(const QString &what, const std::function<bool()> &done);
    void show(const QString &name, QWidget &shown, const Look &look);
    void jobs(const Look &look);
    void job(const Look &look);
    void registered(const Look &look);
    void everyTab(const QString &name, QWidget &page, const Look &look);
    void docks(const Look &look);
    /// `open` makes a dialog appear; `inside` looks at further states of it. It is closed after that.
    void dialog(const QString &name, const Look &look, const std::function<void()> &open,
                const std::function<void(QDialog &)> &inside = {});
    void mastersDialogs(const Look &look);
    void signIn(const Look &look);
    void jobDialogs(const Look &look);
    void blueprintDialogs(const Look &look);
    void commit(const Look &look);
    void secretDialogs(const Look &look);
    void archiveDialog(const Look &look);
    void windowDialogs(const Look &look);
    template <class Made> Made *open(const QString &page);
    void press(QWidget &page, const QString &action);
    void undoAll();

    Scene m_scene;
    QStringList m_problems;
    QStringList m_names;
    QSet<QString> m_classes;
};

} // namespace danube::tests
