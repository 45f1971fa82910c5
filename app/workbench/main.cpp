// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/shell/main_window.h"
#include "ui/theme/theme.h"
#include "ui/views/log_view.h"
#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QTabWidget>
#include <QTimer>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <memory>

namespace
{

struct Options {
    QStringList files;
    QString tab, screenshot, theme, episode;
    QSize size;
    bool quitAfterLoad = false, browse = false, timings = false;
};

/// Says what is wrong with the arguments, or nothing.
QString readOptions(QCommandLineParser& parser, const QStringList& arguments, Options& options)
{
    const QCommandLineOption screenshot(QStringLiteral("screenshot"),
                                        QStringLiteral("Write a picture of the window to <file> when loading is done."),
                                        QStringLiteral("file"));
    const QCommandLineOption size(QStringLiteral("size"), QStringLiteral("Window size, such as 1600x1000."),
                                  QStringLiteral("WxH"));
    const QCommandLineOption theme(QStringLiteral("theme"), QStringLiteral("light, dark or system."),
                                   QStringLiteral("name"));
    const QCommandLineOption episode(QStringLiteral("episode"),
                                     QStringLiteral("Choose the episode with this number, or \"highest\"."),
                                     QStringLiteral("number"));
    const QCommandLineOption quit(QStringLiteral("quit-after-load"), QStringLiteral("Leave when loading is done."));
    const QCommandLineOption browse(QStringLiteral("browse"), QStringLiteral("Show the files without scoring them."));
    const QCommandLineOption timings(QStringLiteral("timings"),
                                     QStringLiteral("Print when records and result were first on the screen."));
    const QCommandLineOption tab(QStringLiteral("tab"), QStringLiteral("Show log or quality below the tracks."),
                                 QStringLiteral("name"));
    parser.addOptions({screenshot, size, theme, episode, quit, browse, timings, tab});
    parser.addPositionalArgument(QStringLiteral("files"), QStringLiteral("Logs, metrics, folders, or one case."),
                                 QStringLiteral("[files...]"));
    if (!parser.parse(arguments))
        return parser.errorText();
    options.files = parser.positionalArguments();
    options.screenshot = parser.value(screenshot);
    options.theme = parser.value(theme);
    options.episode = parser.value(episode);
    options.quitAfterLoad = parser.isSet(quit);
    options.browse = parser.isSet(browse);
    options.timings = parser.isSet(timings);
    options.tab = parser.value(tab);
    if (!options.tab.isEmpty() && options.tab != QLatin1String("log") && options.tab != QLatin1String("quality"))
        return QStringLiteral("--tab wants log or quality");
    if (parser.isSet(size)) {
        const auto parts = parser.value(size).split(QLatin1Char('x'));
        options.size = parts.size() == 2 ? QSize(parts[0].toInt(), parts[1].toInt()) : QSize();
        if (options.size.isEmpty())
            return QStringLiteral("--size wants two numbers, such as 1600x1000");
    }
    return {};
}

faultline::ui::ThemeChoice themeOf(const QString& name)
{
    using faultline::ui::ThemeChoice;
    if (name.isEmpty())
        return faultline::ui::Settings().theme();
    return name == QLatin1String("dark")    ? ThemeChoice::Dark
           : name == QLatin1String("light") ? ThemeChoice::Light
                                            : ThemeChoice::System;
}

void chooseEpisode(faultline::ui::Selection& selection, const QString& wanted)
{
    const auto& episodes = selection.episodes();
    const auto higher = [](const auto& a, const auto& b) { return a.score < b.score; };
    const int index =
        wanted == QLatin1String("highest")
            ? static_cast<int>(std::max_element(episodes.begin(), episodes.end(), higher) - episodes.begin())
            : wanted.toInt() - 1;
    selection.chooseEpisode(index < static_cast<int>(episodes.size()) ? index : -1);
}

/// For pictures in the guide and for smoke tests: once everything is read and drawn, take the picture and leave.
void finishAfterLoad(faultline::ui::MainWindow& window, const Options& options)
{
    if (!options.quitAfterLoad && options.screenshot.isEmpty() && options.episode.isEmpty())
        return;
    const auto finish = [&window, options](bool busy) {
        if (busy)
            return;
        if (!options.episode.isEmpty() && window.selection()->hasData())
            chooseEpisode(*window.selection(), options.episode);
        // The log's text comes from a worker page by page: a moment for it to be there.
        QTimer::singleShot(1500, &window, [&window, options] {
            if (!options.screenshot.isEmpty() && !window.grab().save(options.screenshot))
                std::fprintf(stderr, "%s: the picture could not be written\n", qPrintable(options.screenshot));
            if (options.quitAfterLoad)
                QApplication::exit(window.selection()->hasData() || options.files.isEmpty() ? 0 : 3);
        });
    };
    if (options.files.isEmpty())
        QTimer::singleShot(0, &window, [finish] { finish(false); });
    else
        QObject::connect(window.session(), &faultline::ui::AnalysisSession::busyChanged, &window, finish);
}

/// Prints milliseconds since the program's start: when text of the log was first there to be painted, and the result.
void printTimings(faultline::ui::MainWindow& window, const QElapsedTimer& since)
{
    using faultline::ui::AnalysisSession;
    const auto* log = window.findChild<faultline::ui::LogView*>();
    auto* once = new QObject(&window);
    QObject::connect(log->model(), &QAbstractItemModel::dataChanged, once, [once, &since] {
        std::fprintf(stderr, "first records on the screen after %lld ms\n", static_cast<long long>(since.elapsed()));
        once->deleteLater();
    });
    QObject::connect(window.session(), &AnalysisSession::resultReady, &window, [&since] {
        std::fprintf(stderr, "result after %lld ms\n", static_cast<long long>(since.elapsed()));
    });
    QObject::connect(window.session(), &AnalysisSession::recordsReady, &window, [&since] {
        std::fprintf(stderr, "records of the case after %lld ms\n", static_cast<long long>(since.elapsed()));
    });
}

} // namespace

int main(int argc, char** argv)
{
#ifdef SIGXFSZ
    std::signal(SIGXFSZ, SIG_IGN); // a file size limit is an error of one write, not the end of the program
#endif
    QElapsedTimer since;
    since.start();
    QCoreApplication::setApplicationName(QStringLiteral("faultline-workbench"));
    QCoreApplication::setOrganizationName(QStringLiteral("Faultline"));
    QCoreApplication::setApplicationVersion(QStringLiteral(FAULTLINE_VERSION));
    QStringList arguments;
    for (int i = 0; i < argc; ++i)
        arguments << QString::fromLocal8Bit(argv[i]);

    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("Shows what went wrong in a system from its logs and metrics."));
    const auto help = parser.addHelpOption();
    const auto version = parser.addVersionOption();
    Options options;
    if (const QString wrong = readOptions(parser, arguments, options); !wrong.isEmpty()) {
        std::fprintf(stderr, "%s (faultline-workbench --help says what is allowed)\n", qPrintable(wrong));
        return 2;
    }
    if (parser.isSet(help) || parser.isSet(version)) {
        const QCoreApplication app(argc, argv); // no display is needed to say this
        const QString text =
            parser.isSet(help) ? parser.helpText() : QStringLiteral("faultline-workbench " FAULTLINE_VERSION "\n");
        std::fputs(qPrintable(text), stdout);
        return 0;
    }

    QApplication app(argc, argv);
    faultline::ui::applyTheme(app, themeOf(options.theme));
    faultline::ui::MainWindow window;
    if (!options.size.isEmpty())
        window.resize(options.size);
    finishAfterLoad(window, options);
    if (options.timings)
        printTimings(window, since);
    if (auto* tabs = window.findChild<QTabWidget*>(QStringLiteral("lowerTabs")); tabs != nullptr)
        tabs->setCurrentIndex(options.tab == QLatin1String("quality") ? 1 : 0);
    window.show();
    if (options.browse)
        window.browse(options.files);
    else
        window.open(options.files);
    return QApplication::exec();
}
