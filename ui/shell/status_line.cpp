// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/shell/status_line.h"
#include "ui/models/text_format.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/theme.h"
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>
#include <algorithm>

namespace faultline::ui
{
namespace
{

/// "**9,403,117** records": the number is what is read first.
QString fact(const QString& number, const QString& name)
{
    const auto& theme = Theme::current();
    return QStringLiteral("<span style='font-family:\"JetBrains Mono\",\"DejaVu Sans Mono\"; font-size:%3px; "
                          "color:%1'>%2</span> %4")
        .arg(theme.text.name(), number)
        .arg(dp(11))
        .arg(name);
}

std::uint64_t rejectedLines(const pipeline::AnalysisResult& run)
{
    std::uint64_t sum = 0;
    if (run.records)
        for (const auto& report : run.records->reports)
            sum += report.rejectedLines;
    return sum;
}

} // namespace

StatusLine::StatusLine(Selection* selection, QWidget* parent) : QStatusBar(parent), m_selection(selection)
{
    setObjectName(QStringLiteral("statusLine"));
    setSizeGripEnabled(false);
    setFixedHeight(dp(26));
    m_message = new QLabel(tr("Ready. Nothing leaves this machine."), this);
    m_message->setObjectName(QStringLiteral("statusMessage"));
    m_message->setContentsMargins(dp(6), 0, dp(6), 0);
    m_bar = new QProgressBar(this);
    m_bar->setObjectName(QStringLiteral("jobProgress"));
    m_bar->setTextVisible(false);
    m_bar->setRange(0, 1000);
    m_bar->setFixedWidth(dp(120));
    m_progressText = new QLabel(this);
    m_progressText->setObjectName(QStringLiteral("jobText"));
    m_progressText->setFont(interfaceFont(11));
    m_cancel = new QToolButton(this);
    m_cancel->setObjectName(QStringLiteral("jobCancel"));
    m_cancel->setText(tr("Cancel"));
    m_cancel->setIcon(themedIcon(QStringLiteral("cancel")));
    m_cancel->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_cancel->setFocusPolicy(Qt::StrongFocus);
    m_facts = new QLabel(this);
    m_facts->setObjectName(QStringLiteral("runFacts"));
    m_facts->setContentsMargins(0, 0, dp(10), 0);
    addWidget(m_message);
    addWidget(m_bar);
    addWidget(m_progressText);
    addWidget(m_cancel);
    addPermanentWidget(m_facts);
    connect(m_cancel, &QToolButton::clicked, this, &StatusLine::cancelWanted);
    connect(selection, &Selection::dataChanged, this, &StatusLine::showFacts);
    connect(selection, &Selection::episodesChanged, this, &StatusLine::showFacts);
    setBusy(false, {});
}

void StatusLine::setBusy(bool busy, const QString& what)
{
    m_what = what;
    for (QWidget* part : std::initializer_list<QWidget*>{m_bar, m_progressText, m_cancel})
        part->setVisible(busy);
    m_bar->setValue(0);
    m_progressText->clear();
    if (busy)
        m_message->setText(what);
    else if (m_runs)
        m_message->setText(tr("Ready. Nothing leaves this machine."));
    m_runs = busy;
}

void StatusLine::showProgress(const JobStatus& status)
{
    m_runs = true;
    m_bar->setValue(static_cast<int>(status.fraction * 1000.0));
    m_message->setText(status.stage.isEmpty() ? m_what : m_what + QStringLiteral(": ") + status.stage);
    QString text = QStringLiteral("%1 %").arg(static_cast<int>(status.fraction * 100.0));
    if (const QString left = timeLeftText(status.secondsLeft); !left.isEmpty())
        text += QStringLiteral("   ") + left;
    m_progressText->setText(text);
}

void StatusLine::say(const QString& message)
{
    m_message->setText(message);
    m_runs = false;
}

void StatusLine::showFacts()
{
    if (!m_selection->hasData()) {
        m_facts->clear();
        return;
    }
    const auto& shown = *m_selection->data();
    const auto& run = *shown.result;
    QStringList facts;
    if (run.records)
        facts << fact(countText(run.records->table.size()), tr("records"));
    if (run.isScored()) {
        facts << fact(countText(run.table.units()), tr("units"));
        facts << fact(countText(m_selection->flaggedUnits()), tr("flagged"));
        facts << fact(countText(m_selection->episodes().size()), tr("episodes"));
    }
    const double days = static_cast<double>(shown.whole.length()) / static_cast<double>(day_us);
    if (run.isScored() && shown.axis == AxisKind::Time && days >= 1.0)
        facts << fact(QString::number(static_cast<double>(m_selection->episodes().size()) / days, 'f', 1),
                      tr("episodes/day"));
    if (const auto rejected = rejectedLines(run); rejected > 0)
        facts << fact(countText(rejected), tr("rejected"));
    facts << (!run.isScored() ? tr("not scored") : run.recipe.mode == pipeline::Mode::Live ? tr("live") : tr("batch"));
    m_facts->setText(facts.join(
        QStringLiteral("&nbsp;&nbsp;<span style='color:%1'>|</span>&nbsp;&nbsp;").arg(Theme::current().field.name())));
}

} // namespace faultline::ui
