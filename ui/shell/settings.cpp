// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/shell/settings.h"
#include <QSettings>
#include <algorithm>

namespace faultline::ui
{
namespace
{

QString key(const char* name)
{
    return QLatin1String(name);
}

} // namespace

QList<RecentCase> Settings::recentCases() const
{
    QSettings store;
    QList<RecentCase> out;
    const int count = store.beginReadArray(key("recentCases"));
    for (int i = 0; i < std::min(count, mostRecent); ++i) {
        store.setArrayIndex(i);
        out.append({store.value(key("path")).toString(), store.value(key("summary")).toString(),
                    store.value(key("opened")).toDateTime()});
    }
    return out;
}

void Settings::write(const QList<RecentCase>& entries)
{
    QSettings store;
    store.remove(key("recentCases"));
    store.beginWriteArray(key("recentCases"));
    for (int i = 0; i < std::min<int>(static_cast<int>(entries.size()), mostRecent); ++i) {
        store.setArrayIndex(i);
        store.setValue(key("path"), entries[i].path);
        store.setValue(key("summary"), entries[i].summary);
        store.setValue(key("opened"), entries[i].opened);
    }
    store.endArray();
}

void Settings::remember(const RecentCase& entry)
{
    auto entries = recentCases();
    entries.removeIf([&](const RecentCase& known) { return known.path == entry.path; });
    entries.prepend(entry);
    write(entries);
}

void Settings::forget(const QString& path)
{
    auto entries = recentCases();
    entries.removeIf([&](const RecentCase& known) { return known.path == path; });
    write(entries);
}

ThemeChoice Settings::theme() const
{
    const QString name = QSettings().value(key("theme")).toString();
    return name == QLatin1String("light")  ? ThemeChoice::Light
           : name == QLatin1String("dark") ? ThemeChoice::Dark
                                           : ThemeChoice::System;
}

void Settings::setTheme(ThemeChoice choice)
{
    QSettings().setValue(key("theme"), key(choice == ThemeChoice::Light  ? "light"
                                           : choice == ThemeChoice::Dark ? "dark"
                                                                         : "system"));
}

QByteArray Settings::geometry() const
{
    return QSettings().value(key("window/geometry")).toByteArray();
}

QByteArray Settings::layout() const
{
    return QSettings().value(key("window/layout")).toByteArray();
}

void Settings::setWindow(const QByteArray& geometry, const QByteArray& layout)
{
    QSettings store;
    store.setValue(key("window/geometry"), geometry);
    store.setValue(key("window/layout"), layout);
}

QString Settings::folder() const
{
    return QSettings().value(key("folder")).toString();
}

void Settings::setFolder(const QString& folder)
{
    QSettings().setValue(key("folder"), folder);
}

} // namespace faultline::ui
