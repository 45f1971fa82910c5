// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <QAbstractButton>
#include <QFrame>
#include <QString>
#include <QStringList>
#include <QWidget>
#include <vector>

class QLabel;
class QVBoxLayout;

namespace faultline::ui
{

/// What stands on the first page for one case.
struct StartEntry {
    QString path, summary, opened;
    bool missing = false;
};

/// A row of the recent cases: name, summary, when.
class RecentRow : public QAbstractButton
{
    Q_OBJECT
public:
    explicit RecentRow(StartEntry entry, QWidget* parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;
    void setMissing(bool missing);
    [[nodiscard]] const StartEntry& entry() const { return m_entry; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    StartEntry m_entry;
};

/// The first page: drop files, open them, take up a recent case, or look at the demo incident.
class StartView : public QWidget
{
    Q_OBJECT
public:
    explicit StartView(QWidget* parent = nullptr);
    void showRecent(const std::vector<StartEntry>& entries);
    /// Says which of the recent cases are not there any more.
    void markMissing(const QStringList& paths);

signals:
    void openFilesWanted();
    void openFolderWanted();
    void demoWanted();
    void caseChosen(const QString& path);

private:
    QWidget* makeDropTarget();
    QWidget* makeDemoCard();

    QVBoxLayout* m_recent = nullptr;
    QLabel* m_noRecent = nullptr;
    std::vector<RecentRow*> m_rows;
};

} // namespace faultline::ui
