// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#pragma once
#include "engine/records/record_batch.h"

namespace faultline::records
{

/// Reads OpenTelemetry's OTLP in its JSON form (opentelemetry-proto, JSON Protobuf encoding), one document or one a
/// line.
///
/// Log records: time (observed time where there is none), level from severityNumber or severityText, the body as
/// message. Spans: start as time, name as message, the field `duration` in ms, level error where the status says so.
/// Metrics: each data point is a record without a message, with the field that its metric is named after (`.count` and
/// `.sum` of histograms and summaries). Attributes that are numbers become fields, of the first maxFields names in each
/// block. The entity is the resource's service.name, else its pod, container or host, or the attribute that the person
/// named. A session key may be traceId, spanId or an attribute.
[[nodiscard]] std::shared_ptr<const BlockParser> makeOtlpParser(const std::string& array, const ParseOptions& options);

/// The array of records of such a document: resourceLogs, resourceMetrics, resourceSpans.
[[nodiscard]] bool isOtlp(const std::vector<std::string>& path);
void describeOtlp(const std::string& array, Detection& detection);

} // namespace faultline::records
