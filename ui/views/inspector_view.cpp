// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/views/inspector_view.h"
#include "ui/models/text_format.h"
#include "ui/theme/theme.h"
#include "ui/views/cell_delegates.h"
#include "ui/views/moment_button.h"
#include "ui/views/run_summary.h"
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

namespace faultline::ui
{
namespace
{

QLabel* makeText(const char* name, QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setObjectName(QLatin1String(name));
    label->setTextFormat(Qt::PlainText); // text from data is never run as markup
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

/// "Features  at the peak"
QWidget* makeHead(const QString& title, QLabel* caption, QWidget* parent)
{
    auto* head = new QWidget(parent);
    auto* label = new QLabel(title, head);
    label->setFont(interfaceFont(12, QFont::DemiBold));
    caption->setParent(head);
    caption->setProperty("muted", true);
    caption->setFont(interfaceFont(11));
    auto* layout = new QHBoxLayout(head);
    layout->setContentsMargins(0, dp(10), 0, dp(2));
    layout->setSpacing(dp(6));
    layout->addWidget(label);
    layout->addWidget(caption);
    layout->addStretch();
    return head;
}

QTableView* makeTable(const char* name, const QString& accessibleName, QAbstractItemModel* model, QWidget* parent)
{
    auto* table = new QTableView(parent);
    table->setObjectName(QLatin1String(name));
    table->setAccessibleName(accessibleName);
    table->setModel(model);
    styleTable(table);
    table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    return table;
}

QString momentText(TimeUs time, AxisKind axis)
{
    return axis == AxisKind::Time ? clockText(time) : countText(static_cast<std::uint64_t>(time));
}

} // namespace

InspectorView::InspectorView(Selection* selection, QWidget* parent) : QScrollArea(parent), m_selection(selection)
{
    setObjectName(QStringLiteral("inspectorView"));
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    auto* content = new QWidget(this);
    content->setProperty("surface", true);
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(dp(12), dp(12), dp(12), dp(12));
    layout->setSpacing(0);
    m_episodePage = makeEpisodePage();
    m_runPage = makeRunPage();
    layout->addWidget(m_episodePage);
    layout->addWidget(m_runPage);
    layout->addStretch();
    setWidget(content);

    connect(selection, &Selection::dataChanged, this, &InspectorView::refresh);
    connect(selection, &Selection::episodesChanged, this, &InspectorView::refresh);
    connect(selection, &Selection::episodeChosen, this, &InspectorView::refresh);
    connect(selection, &Selection::explanationChanged, this, &InspectorView::showExplanation);
    refresh();
}

QWidget* InspectorView::makeEpisodePage()
{
    auto* page = new QWidget(this);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(dp(4));
    m_title = makeText("episodeTitle", page);
    m_title->setFont(interfaceFont(15, QFont::DemiBold));
    m_subtitle = makeText("episodeSubtitle", page);
    m_subtitle->setProperty("muted", true);
    layout->addWidget(m_title);
    layout->addWidget(m_subtitle);
    layout->addSpacing(dp(6));
    addMoments(layout);
    layout->addSpacing(dp(4));
    m_figures = new QLabel(page);
    m_figures->setObjectName(QStringLiteral("episodeFigures"));
    m_figures->setTextFormat(Qt::RichText);
    m_summary = makeText("episodeSummary", page);
    layout->addWidget(m_figures);
    layout->addSpacing(dp(4));
    layout->addWidget(m_summary);
    addTables(layout);
    return page;
}

void InspectorView::addMoments(QVBoxLayout* layout)
{
    auto* box = new QFrame(this);
    box->setProperty("card", true);
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(1, 1, 1, 1);
    row->setSpacing(0);
    m_onset = new MomentButton(tr("Onset"), box);
    m_peak = new MomentButton(tr("Peak"), box);
    m_end = new MomentButton(tr("End"), box);
    for (auto* button : {m_onset, m_peak, m_end}) {
        if (button != m_onset) {
            auto* line = new QFrame(box);
            line->setFixedWidth(1);
            line->setProperty("upright", true);
            row->addWidget(line);
        }
        row->addWidget(button);
    }
    m_onset->setObjectName(QStringLiteral("onsetButton"));
    m_peak->setObjectName(QStringLiteral("peakButton"));
    m_end->setObjectName(QStringLiteral("endButton"));
    layout->addWidget(box);
    const auto goTo = [this](auto momentOf) {
        return [this, momentOf] {
            if (const auto* episode = m_selection->episode())
                m_selection->setCursor(momentOf(*m_selection->data(), *episode));
        };
    };
    connect(m_onset, &QAbstractButton::clicked, this,
            goTo([](const ChartData& d, const decisions::Episode& e) { return d.spanOf(e).from; }));
    connect(m_peak, &QAbstractButton::clicked, this,
            goTo([](const ChartData& d, const decisions::Episode& e) { return d.startOf(e.peakUnit); }));
    connect(m_end, &QAbstractButton::clicked, this,
            goTo([](const ChartData& d, const decisions::Episode& e) { return d.spanOf(e).to - 1; }));
}

void InspectorView::addTables(QVBoxLayout* layout)
{
    m_agreement = new QLabel(this);
    auto* shareHead = makeHead(tr("Share by detector"), m_agreement, this);
    m_shareTable = makeTable("shareTable", tr("Share by detector"), &m_shares, this);
    m_shareTable->horizontalHeader()->hide();
    m_shareTable->verticalHeader()->setDefaultSectionSize(dp(19));
    m_shareTable->setItemDelegateForColumn(DetectorShareModel::Detector, new CellDelegate(CellFormat::Name, this));
    m_shareTable->setItemDelegateForColumn(DetectorShareModel::Bar,
                                           new ShareBarDelegate(ShareBarDelegate::Look::Bar, this));
    m_shareTable->setItemDelegateForColumn(DetectorShareModel::Share, new CellDelegate(CellFormat::Share, this));
    auto* shareColumns = m_shareTable->horizontalHeader();
    shareColumns->resizeSection(DetectorShareModel::Detector, dp(118));
    shareColumns->setSectionResizeMode(DetectorShareModel::Bar, QHeaderView::Stretch);
    shareColumns->resizeSection(DetectorShareModel::Share, dp(50));

    auto* featureHead = makeHead(tr("Features"), new QLabel(tr("at the peak"), this), this);
    m_featureTable = makeTable("featureTable", tr("Features at the peak"), &m_features, this);
    m_featureTable->setItemDelegateForColumn(FeatureReasonModel::Feature, new CellDelegate(CellFormat::Name, this));
    m_featureTable->setItemDelegateForColumn(FeatureReasonModel::Actual, new CellDelegate(CellFormat::Measure, this));
    m_featureTable->setItemDelegateForColumn(FeatureReasonModel::Typical, new CellDelegate(CellFormat::Range, this));
    m_featureTable->setItemDelegateForColumn(FeatureReasonModel::Unit, new CellDelegate(CellFormat::Caption, this));
    m_featureTable->setItemDelegateForColumn(FeatureReasonModel::Share,
                                             new ShareBarDelegate(ShareBarDelegate::Look::BarUnderNumber, this));
    auto* featureColumns = m_featureTable->horizontalHeader();
    featureColumns->setSectionResizeMode(FeatureReasonModel::Feature, QHeaderView::Stretch);
    featureColumns->resizeSection(FeatureReasonModel::Actual, dp(52));
    featureColumns->resizeSection(FeatureReasonModel::Typical, dp(80));
    featureColumns->resizeSection(FeatureReasonModel::Unit, dp(42));
    featureColumns->resizeSection(FeatureReasonModel::Share, dp(46));

    m_templateHead = makeHead(tr("Templates"), new QLabel(tr("against the rest of the run"), this), this);
    m_templateTable = makeTable("templateTable", tr("Templates against the rest of the run"), &m_templates, this);
    m_templateTable->horizontalHeader()->hide();
    m_templateTable->setItemDelegateForColumn(TemplateChangeModel::Change, new ChangeBadgeDelegate(this));
    m_templateTable->setItemDelegateForColumn(TemplateChangeModel::Template, new CellDelegate(CellFormat::Text, this));
    m_templateTable->setItemDelegateForColumn(TemplateChangeModel::Count, new CellDelegate(CellFormat::Count, this));
    auto* templateColumns = m_templateTable->horizontalHeader();
    templateColumns->resizeSection(TemplateChangeModel::Change, dp(52));
    templateColumns->setSectionResizeMode(TemplateChangeModel::Template, QHeaderView::Stretch);
    templateColumns->resizeSection(TemplateChangeModel::Count, dp(58));
    for (QWidget* part : std::initializer_list<QWidget*>{shareHead, m_shareTable, featureHead, m_featureTable,
                                                         m_templateHead, m_templateTable}) {
        layout->addWidget(part);
        m_explained.push_back(part);
    }
}

QWidget* InspectorView::makeRunPage()
{
    auto* page = new QWidget(this);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(dp(6));
    m_runTitle = makeText("runTitle", page);
    m_runTitle->setFont(interfaceFont(15, QFont::DemiBold));
    m_runText = makeText("runText", page);
    m_runText->setTextFormat(Qt::RichText);
    layout->addWidget(m_runTitle);
    layout->addWidget(m_runText);
    return page;
}

void InspectorView::refresh()
{
    const auto* episode = m_selection->episode();
    m_episodePage->setVisible(episode != nullptr);
    m_runPage->setVisible(episode == nullptr);
    if (episode != nullptr)
        showEpisode(*episode);
    else
        showRun();
    emit captionChanged(episode != nullptr
                            ? tr("episode %1 of %2")
                                  .arg(countText(static_cast<std::uint64_t>(m_selection->chosenEpisode()) + 1),
                                       countText(m_selection->episodes().size()))
                        : m_selection->hasData() ? tr("this run")
                                                 : QString());
}

void InspectorView::showEpisode(const decisions::Episode& episode)
{
    const auto& shown = *m_selection->data();
    const auto span = shown.spanOf(episode);
    const auto& table = shown.result->table;
    const bool session = table.kind == features::UnitKind::Session && episode.firstUnit < table.keys.size();
    const QString who = session ? safeText(table.keys[episode.firstUnit]) : shown.entityNames[episode.entity];
    QString flagged = countOf(episode.flaggedUnits, tr("unit"), tr("units"));
    if (shown.axis == AxisKind::Time)
        flagged = tr("%1: %2 flagged in %3").arg(who, flagged, durationText(span.length()));
    else
        flagged = tr("%1: %2 flagged").arg(who, flagged);
    m_subtitle->setText(flagged);
    const TimeUs peak = shown.startOf(episode.peakUnit);
    const auto set = [&](MomentButton* button, TimeUs at) {
        button->setMoment(momentText(at, shown.axis), shown.axis == AxisKind::Time
                                                          ? dateText(at) + QLatin1Char(' ') + clockTextMs(at)
                                                          : momentText(at, shown.axis));
    };
    set(m_onset, span.from);
    set(m_peak, peak);
    set(m_end, shown.axis == AxisKind::Time ? span.to : span.to - 1);
    const auto& theme = Theme::current();
    const auto figure = [](const QString& name, const QString& value, const QColor& colour) {
        return QStringLiteral("<td style='color:%1'>%2&nbsp;</td><td style='font-family:\"JetBrains Mono\",\"DejaVu "
                              "Sans Mono\"; color:%3'>%4&nbsp;&nbsp;&nbsp;</td>")
            .arg(Theme::current().muted.name(), name, colour.name(), value.toHtmlEscaped());
    };
    const auto& tails = shown.result->tailP;
    m_figures->setText(
        QStringLiteral("<table cellspacing=0 cellpadding=0><tr>%1%2%3</tr></table>")
            .arg(figure(tr("Score"), scoreText(episode.score), theme.model),
                 figure(tr("Tail p"), probabilityText(episode.peakUnit < tails.size() ? tails[episode.peakUnit] : 1.0),
                        theme.text),
                 figure(tr("Threshold"), thresholdText(m_selection->threshold()), theme.text)));
    showExplanation();
}

void InspectorView::showExplanation()
{
    const auto* episode = m_selection->episode();
    const auto* explanation = m_selection->explanation().get();
    for (auto* part : m_explained)
        part->setVisible(explanation != nullptr);
    if (episode == nullptr)
        return;
    if (explanation == nullptr) {
        m_title->setText(tr("Episode %1").arg(m_selection->chosenEpisode() + 1));
        m_summary->setText(tr("Working out why …"));
        return;
    }
    m_title->setText(safeText(explanation->title));
    m_summary->setText(safeText(explanation->summary));
    m_shares.show(explanation->detectors);
    m_features.show(explanation->features);
    m_templates.show(*m_selection->data()->result, explanation->templates);
    m_agreement->setText(tr("%1 of %2 agree").arg(m_shares.agreeing()).arg(m_shares.rowCount()));
    const bool templates = m_templates.rowCount() > 0;
    m_templateHead->setVisible(templates);
    m_templateTable->setVisible(templates);
    for (auto* table : {m_shareTable, m_featureTable, m_templateTable})
        fitTableHeight(table);
}

void InspectorView::showRun()
{
    if (!m_selection->hasData())
        return;
    m_runTitle->setText(runTitle(*m_selection));
    m_runText->setText(runText(*m_selection));
}

} // namespace faultline::ui
