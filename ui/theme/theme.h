// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <QColor>
#include <QFont>
#include <QPalette>
#include <QString>
#include <array>
#include <cstddef>

class QApplication;

namespace faultline::ui
{

/// What the person chose for light and dark.
enum class ThemeChoice { System, Light, Dark };

/// The design tokens of one colour scheme. Painters take colours from here, widgets through the palette and the style
/// sheet made of the same values, so that a colour is written down once.
struct Theme {
    bool dark = false;
    // Surfaces and lines.
    QColor bg, surface, raised, sunken, hover, border, field, control, grid;
    // Text.
    QColor text, text2, muted, disabled;
    // The person: what is chosen and what can be pressed.
    QColor accent, accentHover, onAccent, sel, selText, focus;
    // The model: surprise, from quiet to far over the threshold.
    QColor model, modelFill;
    std::array<QColor, 5> surprise;
    QColor threshold;
    // Spans that are compared, and what is typical.
    QColor ref, refFill, live, liveFill, band;
    // The log: marks and text per level, in the order of records::Level (none, debug, info, warn, error, fatal).
    std::array<QColor, 6> levelMark, levelText;

    [[nodiscard]] static const Theme& light();
    [[nodiscard]] static const Theme& darkScheme();
    /// The scheme in use; changes are announced to widgets by QEvent::PaletteChange.
    [[nodiscard]] static const Theme& current();

    [[nodiscard]] QPalette palette() const;
    /// The style sheet with every @token replaced by this theme's colour and every Npx scaled to the font.
    [[nodiscard]] QString styleSheet() const;
    /// A colour by its token name; invalid when there is none.
    [[nodiscard]] QColor token(const QString& name) const;
    /// Colour of a surprise (decades) when the threshold stands at `threshold`.
    [[nodiscard]] QColor surpriseColor(double surprise, double threshold) const;
};

/// Sets style, fonts, palette and style sheet of the whole program.
void applyTheme(QApplication& app, ThemeChoice choice);
/// Asks the desktop's palette anew; true when it went from light to dark or back. For ApplicationPaletteChange.
[[nodiscard]] bool systemSchemeChanged(QApplication& app);

/// Interface font at `px` of a 12 px body text, scaled with the person's font size.
[[nodiscard]] QFont interfaceFont(int px = 12, int weight = QFont::Normal);
/// Font for numbers, times and log text.
[[nodiscard]] QFont monoFont(int px = 11, int weight = QFont::Normal);
/// A length of the design (drawn for 12 px text) in device-independent pixels at the person's font size.
[[nodiscard]] int dp(double designPixels);

} // namespace faultline::ui
