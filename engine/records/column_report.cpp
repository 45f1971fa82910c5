// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/column_report.h"

namespace faultline::records
{

const char* columnTypeName(ColumnType type)
{
    switch (type) {
    case ColumnType::Empty:
        return "empty";
    case ColumnType::Number:
        return "number";
    case ColumnType::Boolean:
        return "boolean";
    case ColumnType::Time:
        return "time";
    case ColumnType::Category:
        return "category";
    case ColumnType::Identifier:
        return "identifier";
    case ColumnType::Text:
        break;
    }
    return "text";
}

const char* fieldRoleName(FieldRole role)
{
    switch (role) {
    case FieldRole::Ignored:
        return "left out";
    case FieldRole::Time:
        return "time";
    case FieldRole::Value:
        return "value";
    case FieldRole::Series:
        return "series";
    case FieldRole::Entity:
        return "entity";
    case FieldRole::Level:
        return "level";
    case FieldRole::Message:
        return "message";
    case FieldRole::Label:
        break;
    }
    return "label";
}

} // namespace faultline::records
