// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "ui/theme/theme.h"
#include <QApplication>
#include <QFile>
#include <QGuiApplication>
#include <QProxyStyle>
#include <QRegularExpression>
#include <QStyleHints>
#include <QToolTip>
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

/// Resources of a static library are linked only when someone asks for them; the macro works outside namespaces only.
static void initResources()
{
    Q_INIT_RESOURCE(faultline);
    Q_INIT_RESOURCE(themes);
}

namespace faultline::ui
{
namespace
{

const Theme* g_current = nullptr; // the one scheme in use: widgets have no other way to ask while they paint
double g_scale = 1.0;             // person's font size relative to the design's 12 px
bool g_systemDark = false;

Theme makeLight()
{
    Theme t;
    t.bg = "#F2F3F5", t.surface = "#FFFFFF", t.raised = "#F8F9FA", t.sunken = "#ECEEF1", t.hover = "#EBEEF2";
    t.border = "#DDE1E6", t.field = "#BFC6D0", t.control = "#858E9B", t.grid = "#ECEEF1";
    t.text = "#1A212B", t.text2 = "#434E5C", t.muted = "#5B6675", t.disabled = "#9AA3AF";
    t.accent = "#2A62D4", t.accentHover = "#1C479F", t.onAccent = "#FFFFFF";
    t.sel = "#DFE9FD", t.selText = "#14213A", t.focus = "#2A62D4";
    t.model = "#6D2A8E", t.modelFill = "#F1E9F6";
    t.surprise = {"#F1F2F4", "#E0D3EA", "#BE9AD2", "#8B4BAE", "#551673"};
    t.threshold = "#1A212B";
    t.ref = "#64707F", t.refFill = "#E4E7EB", t.live = "#0C7568", t.liveFill = "#D6EDEA", t.band = "#DCE5F1";
    t.levelMark = {"#A3ACB8", "#A3ACB8", "#7389A6", "#C07A0C", "#C9352B", "#7D1457"};
    t.levelText = {"#5B6675", "#5B6675", "#3D5878", "#875500", "#B3261E", "#7D1457"};
    return t;
}

Theme makeDark()
{
    Theme t;
    t.dark = true;
    t.bg = "#14171C", t.surface = "#1A1E24", t.raised = "#1F242B", t.sunken = "#12151A", t.hover = "#252B34";
    t.border = "#2C323B", t.field = "#434C59", t.control = "#77818F", t.grid = "#252B33";
    t.text = "#E4E8EE", t.text2 = "#B9C1CC", t.muted = "#919BA9", t.disabled = "#5B6471";
    t.accent = "#6F9EFF", t.accentHover = "#A3C0FF", t.onAccent = "#0E1420";
    t.sel = "#1D3052", t.selText = "#EAF1FF", t.focus = "#6F9EFF";
    t.model = "#D9B4F7", t.modelFill = "#2E2539";
    t.surprise = {"#20252C", "#3D2F4B", "#6A4A86", "#A577CC", "#E2C4FF"};
    t.threshold = "#E4E8EE";
    t.ref = "#93A0B1", t.refFill = "#2A313A", t.live = "#45C4B0", t.liveFill = "#16332F", t.band = "#263345";
    t.levelMark = {"#56606E", "#56606E", "#647F9F", "#E0A43A", "#EF6A60", "#F293CC"};
    t.levelText = {"#919BA9", "#919BA9", "#9DB6D4", "#E5B35A", "#F58A81", "#F5A5D5"};
    return t;
}

using Token = std::pair<const char*, QColor Theme::*>;
constexpr std::array tokens = {
    Token{"bg", &Theme::bg},
    Token{"surface", &Theme::surface},
    Token{"raised", &Theme::raised},
    Token{"sunken", &Theme::sunken},
    Token{"hover", &Theme::hover},
    Token{"border", &Theme::border},
    Token{"field", &Theme::field},
    Token{"control", &Theme::control},
    Token{"grid", &Theme::grid},
    Token{"text", &Theme::text},
    Token{"text2", &Theme::text2},
    Token{"muted", &Theme::muted},
    Token{"disabled", &Theme::disabled},
    Token{"accent", &Theme::accent},
    Token{"accentHover", &Theme::accentHover},
    Token{"onAccent", &Theme::onAccent},
    Token{"sel", &Theme::sel},
    Token{"selText", &Theme::selText},
    Token{"focus", &Theme::focus},
    Token{"model", &Theme::model},
    Token{"modelFill", &Theme::modelFill},
    Token{"threshold", &Theme::threshold},
    Token{"ref", &Theme::ref},
    Token{"refFill", &Theme::refFill},
    Token{"live", &Theme::live},
    Token{"liveFill", &Theme::liveFill},
    Token{"band", &Theme::band},
};

QFont fontOf(const QStringList& families, int px, int weight)
{
    QFont font;
    font.setFamilies(families);
    font.setPixelSize(dp(px));
    font.setWeight(static_cast<QFont::Weight>(weight));
    return font;
}

/// Fusion without underlined letters in every menu: they are found by pressing Alt, and then underlined.
class HouseStyle : public QProxyStyle
{
public:
    HouseStyle() : QProxyStyle(QStringLiteral("Fusion")) {}
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                  QStyleHintReturn* data) const override
    {
        if (hint == SH_UnderlineShortcut)
            return QGuiApplication::keyboardModifiers().testFlag(Qt::AltModifier) ? 1 : 0;
        return QProxyStyle::styleHint(hint, option, widget, data);
    }
};

/// Point size of the desktop's own font relative to the design's 9 pt. Headless platforms have no desktop to ask.
double systemScale()
{
    const auto platform = QGuiApplication::platformName();
    if (platform == QLatin1String("offscreen") || platform == QLatin1String("minimal"))
        return 1.0;
    const double points = QGuiApplication::font().pointSizeF();
    return points > 0.0 ? std::clamp(points / 9.0, 0.9, 2.0) : 1.0;
}

} // namespace

const Theme& Theme::light()
{
    static const Theme theme = makeLight();
    return theme;
}

const Theme& Theme::darkScheme()
{
    static const Theme theme = makeDark();
    return theme;
}

const Theme& Theme::current()
{
    return g_current != nullptr ? *g_current : light();
}

QColor Theme::token(const QString& name) const
{
    for (const auto& [key, member] : tokens)
        if (name == QLatin1String(key))
            return this->*member;
    return {};
}

QPalette Theme::palette() const
{
    QPalette p;
    for (const auto group : {QPalette::Active, QPalette::Inactive, QPalette::Disabled}) {
        const bool off = group == QPalette::Disabled;
        p.setColor(group, QPalette::Window, bg);
        p.setColor(group, QPalette::Base, surface);
        p.setColor(group, QPalette::AlternateBase, raised);
        p.setColor(group, QPalette::Button, raised);
        p.setColor(group, QPalette::ToolTipBase, raised);
        p.setColor(group, QPalette::ToolTipText, text);
        p.setColor(group, QPalette::WindowText, off ? disabled : text);
        p.setColor(group, QPalette::Text, off ? disabled : text);
        p.setColor(group, QPalette::ButtonText, off ? disabled : text);
        p.setColor(group, QPalette::BrightText, onAccent);
        p.setColor(group, QPalette::PlaceholderText, muted);
        p.setColor(group, QPalette::Highlight, accent);
        p.setColor(group, QPalette::HighlightedText, onAccent);
        p.setColor(group, QPalette::Link, accent);
        p.setColor(group, QPalette::LinkVisited, accent);
        p.setColor(group, QPalette::Mid, border);
        p.setColor(group, QPalette::Midlight, hover);
        p.setColor(group, QPalette::Light, surface);
        p.setColor(group, QPalette::Dark, control);
        p.setColor(group, QPalette::Shadow, border);
    }
    return p;
}

QString Theme::styleSheet() const
{
    QFile file(QStringLiteral(":/themes/workbench.qss"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QString sheet = QString::fromUtf8(file.readAll());
    sheet.replace(QLatin1String("@levelErrorText"), levelText[4].name());
    sheet.replace(QLatin1String("@levelError"), levelMark[4].name());
    // Longer names first, so that @accentHover is not read as @accent followed by "Hover".
    std::vector<Token> byLength(tokens.begin(), tokens.end());
    std::sort(byLength.begin(), byLength.end(),
              [](const Token& a, const Token& b) { return qstrlen(a.first) > qstrlen(b.first); });
    for (const auto& [key, member] : byLength)
        sheet.replace(QLatin1Char('@') + QLatin1String(key), (this->*member).name());
    static const QRegularExpression length(QStringLiteral("(\\d+)dp\\b"));
    QString out;
    qsizetype last = 0;
    for (auto it = length.globalMatch(sheet); it.hasNext();) {
        const auto match = it.next();
        out += QStringView(sheet).mid(last, match.capturedStart() - last);
        out += QString::number(dp(match.captured(1).toDouble())) + QLatin1String("px");
        last = match.capturedEnd();
    }
    out += QStringView(sheet).mid(last);
    return out;
}

QColor Theme::surpriseColor(double value, double atThreshold) const
{
    // p under .05 and .004 are 1.3 and 2.4 decades.
    const double farOver = std::max(7.0, atThreshold * 1.5);
    if (value >= atThreshold)
        return surprise[value >= farOver ? 4 : 3];
    if (value < 1.3)
        return surprise[0];
    return surprise[value < 2.4 ? 1 : 2];
}

bool systemSchemeChanged(QApplication& app)
{
    const auto ours = QApplication::palette();
    QApplication::setPalette(QPalette()); // back to what the desktop says, for a moment
    const bool dark = app.palette().color(QPalette::Window).lightness() < 128;
    QApplication::setPalette(ours);
    return std::exchange(g_systemDark, dark) != dark;
}

void applyTheme(QApplication& app, ThemeChoice choice)
{
    static bool first = true;
    if (std::exchange(first, false)) {
        initResources();
        // Qt 6.4 does not say the colour scheme: the desktop's palette does, before ours replaces it.
        g_systemDark = app.palette().color(QPalette::Window).lightness() < 128;
        g_scale = systemScale();
        app.setStyle(new HouseStyle); // the application owns it
    }
    const bool dark = choice == ThemeChoice::Dark || (choice == ThemeChoice::System && g_systemDark);
    g_current = dark ? &Theme::darkScheme() : &Theme::light();
    QApplication::setFont(interfaceFont());
    QApplication::setPalette(g_current->palette());
    QToolTip::setFont(interfaceFont(11));
    QToolTip::setPalette(g_current->palette());
    app.setStyleSheet(g_current->styleSheet());
}

QFont interfaceFont(int px, int weight)
{
    static const QStringList families = {QStringLiteral("Inter"), QStringLiteral("Noto Sans"),
                                         QStringLiteral("DejaVu Sans")};
    return fontOf(families, px, weight);
}

QFont monoFont(int px, int weight)
{
    static const QStringList families = {QStringLiteral("JetBrains Mono"), QStringLiteral("DejaVu Sans Mono"),
                                         QStringLiteral("monospace")};
    QFont font = fontOf(families, px, weight);
    font.setStyleHint(QFont::Monospace);
    return font;
}

int dp(double designPixels)
{
    return static_cast<int>(std::lround(designPixels * g_scale));
}

} // namespace faultline::ui
