// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include <QAbstractButton>

namespace faultline::ui
{

/// A moment of an episode (onset, peak, end): caption over time; pressing it moves the cursor there.
class MomentButton : public QAbstractButton
{
    Q_OBJECT
public:
    explicit MomentButton(const QString& caption, QWidget* parent = nullptr);
    void setMoment(const QString& text, const QString& tip);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_caption;
};

} // namespace faultline::ui
