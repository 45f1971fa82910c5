// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/theme/theme.h"
#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QString>

namespace faultline::ui
{

struct RecentCase {
    QString path;
    QString summary; ///< "9.40 M records, 11 episodes"
    QDateTime opened;
};

/// What the program remembers between starts, in the person's settings file.
class Settings
{
public:
    static constexpr int mostRecent = 8;

    [[nodiscard]] QList<RecentCase> recentCases() const; ///< newest first
    void remember(const RecentCase& entry);
    void forget(const QString& path);

    [[nodiscard]] ThemeChoice theme() const;
    void setTheme(ThemeChoice choice);
    [[nodiscard]] QByteArray geometry() const;
    [[nodiscard]] QByteArray layout() const;
    void setWindow(const QByteArray& geometry, const QByteArray& layout);
    /// The folder of the last file dialog.
    [[nodiscard]] QString folder() const;
    void setFolder(const QString& folder);

private:
    void write(const QList<RecentCase>& entries);
};

} // namespace faultline::ui
