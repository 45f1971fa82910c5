// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/views/run_summary.h"
#include "ui/models/text_format.h"
#include "ui/theme/theme.h"
#include <QObject>
#include <QStringList>

namespace faultline::ui
{
namespace
{

QString paragraph(const QString& head, const QString& body)
{
    return QStringLiteral("<p style='margin-top:10px; margin-bottom:0px'><b>%1</b><br>%2</p>").arg(head, body);
}

QString escaped(std::string_view text)
{
    return safeText(text).toHtmlEscaped();
}

QString detectorLines(const pipeline::AnalysisResult& run)
{
    QStringList lines;
    for (const auto& detector : run.detectors) {
        const QString cost = QObject::tr("%1 s").arg(detector.seconds, 0, 'f', detector.seconds < 10.0 ? 2 : 0);
        lines << escaped(detector.name) + QStringLiteral(" <span style='color:%1'>%2</span>")
                                              .arg(Theme::current().muted.name(),
                                                   detector.failure.empty()
                                                       ? cost
                                                       : QObject::tr("did not run: %1").arg(escaped(detector.failure)));
    }
    return lines.join(QStringLiteral("<br>"));
}

QString noticeLines(const pipeline::AnalysisResult& run)
{
    QString out;
    for (const auto& notice : run.notices)
        out += QStringLiteral("<p style='margin-top:10px; margin-bottom:0px; color:%1'>%2</p>")
                   .arg(Theme::current().text2.name(), escaped(notice));
    return out;
}

QString unitName(features::UnitKind kind)
{
    switch (kind) {
    case features::UnitKind::Row:
        return QObject::tr("rows");
    case features::UnitKind::Window:
        return QObject::tr("windows");
    case features::UnitKind::Session:
        return QObject::tr("sessions");
    }
    return {};
}

} // namespace

QString runTitle(const Selection& selection)
{
    const auto& shown = *selection.data();
    if (!shown.result->isScored())
        return QObject::tr("Not scored yet");
    const QString episodes = countOf(selection.episodes().size(), QObject::tr("episode"), QObject::tr("episodes"));
    if (shown.axis != AxisKind::Time)
        return QObject::tr("%1 in %2 rows").arg(episodes, countText(shown.result->table.units()));
    return QObject::tr("%1 in %2").arg(episodes, durationText(shown.whole.length()));
}

QString runText(const Selection& selection)
{
    const auto& run = *selection.data()->result;
    QString out;
    if (!run.isScored())
        return QStringLiteral("<p style='margin:0px'>%1</p>")
                   .arg(QObject::tr("The records can be read meanwhile. Scores and episodes are there when the "
                                    "analysis is done; Analyse > Score the records starts one.")) +
               noticeLines(run);
    out += QStringLiteral("<p style='margin:0px'>%1</p>")
               .arg(selection.episodes().empty()
                        ? QObject::tr("Nothing is over the threshold. Drag its line down to see more.")
                        : QObject::tr("Choose an episode in the table or the lanes, or press N for the next one."));
    out += paragraph(QObject::tr("Recipe"), escaped(run.recipeReason.empty() ? run.recipe.name : run.recipeReason));
    out +=
        paragraph(QObject::tr("Units"),
                  QObject::tr("%1 %2, %3 features, %4 mode")
                      .arg(countText(run.table.units()), unitName(run.table.kind), countText(run.table.columns.size()),
                           run.recipe.mode == pipeline::Mode::Live ? QObject::tr("live") : QObject::tr("batch")));
    out += paragraph(QObject::tr("Threshold"),
                     QObject::tr("%1 by the recipe's rule %2")
                         .arg(thresholdText(run.threshold.value), escaped(run.threshold.rule.text())));
    out += paragraph(QObject::tr("Detectors"), detectorLines(run));
    return out + noticeLines(run);
}

} // namespace faultline::ui
