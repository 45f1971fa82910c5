// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "ui/models/selection.h"
#include <QTextBrowser>

namespace faultline::ui
{

/// How good the data is that was read, as text that can be read, searched and copied: what a person should act on
/// first, then the account of lines of each source, rejected lines, and the columns of tables.
class QualityView : public QTextBrowser
{
    Q_OBJECT
public:
    explicit QualityView(Selection* selection, QWidget* parent = nullptr);

signals:
    /// "2 problems, 1 warning"; empty when there is nothing to act on.
    void captionChanged(const QString& caption);

protected:
    void changeEvent(QEvent* event) override;

private:
    void refresh();

    Selection* m_selection;
};

/// The report as rich text in the colours of the theme in use.
[[nodiscard]] QString qualityText(const records::QualityReport& report);
[[nodiscard]] QString qualityCaption(const records::QualityReport& report);

} // namespace faultline::ui
