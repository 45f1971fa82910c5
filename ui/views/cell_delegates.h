// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <QStyledItemDelegate>

class QTableView;

namespace faultline::ui
{

/// How a table cell's raw value is written.
enum class CellFormat { Text, Name, Caption, Range, Count, Measure, Score, Share, Onset, Lasts };

/// Writes values in the house's way: numbers mono and right-aligned, unknown as an en dash, long names elided in the
/// middle; the chosen row and the focus as the tokens say.
class CellDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    explicit CellDelegate(CellFormat format, QObject* parent = nullptr);
    QString displayText(const QVariant& value, const QLocale& locale) const override;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;
    /// Background of hovered and chosen rows.
    static void paintBackground(QPainter* painter, const QStyleOptionViewItem& option);

private:
    [[nodiscard]] bool isNumber() const;
    CellFormat m_format;
};

/// A share as a bar under its number, or as a bar alone.
class ShareBarDelegate : public CellDelegate
{
    Q_OBJECT
public:
    enum class Look { Bar, BarUnderNumber };
    explicit ShareBarDelegate(Look look, QObject* parent = nullptr);
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    Look m_look;
};

/// NEW, GONE, × N.
class ChangeBadgeDelegate : public CellDelegate
{
    Q_OBJECT
public:
    explicit ChangeBadgeDelegate(QObject* parent = nullptr);
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

/// The house's table: no grid, rows of 22, whole rows chosen, focus ring inside the border.
void styleTable(QTableView* table);
/// A table that shows all its rows and scrolls with what is around it.
void fitTableHeight(QTableView* table);

} // namespace faultline::ui
