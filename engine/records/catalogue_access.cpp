// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/layout_parts.h"

namespace faultline::records::catalogue
{

using enum PartKind;

namespace
{

struct AccessStyle {
    bool host = false;     ///< the virtual host comes first
    bool combined = false; ///< referer and agent follow
};

/// What servers add at the end, after Apache's %D and %T and nginx's $request_time and $upstream_response_time: their
/// units are settled from the sample.
LineLayout accessLayout(std::string name, AccessStyle style)
{
    Parts parts;
    if (style.host)
        parts.push_back(part(Token, "host"));
    for (auto& each :
         Parts{part(Token, "client"), part(Token, "ident"), part(Token, "user"), time({TimeShape::ClfDate}, "["),
               part(Request, "request"), measure("status", ""), measure("bytes", "bytes")})
        parts.push_back(std::move(each));
    if (style.combined) {
        parts.push_back(part(Quoted, "referer"));
        parts.push_back(part(Quoted, "agent"));
        parts.push_back(optionalPart(Quoted, "forwarded_for"));
    }
    parts.push_back(optional(measure("request_time", "s")));
    parts.push_back(optional(measure("upstream_time", "s")));
    return {.name = std::move(name), .parts = std::move(parts), .joinsLines = false, .levelFromStatus = true};
}

Parts joined(std::initializer_list<Parts> pieces)
{
    Parts all;
    for (const auto& piece : pieces)
        all.insert(all.end(), piece.begin(), piece.end());
    return all;
}

/// HAProxy's configuration manual, chapter 8.2: "TCP log format" and "HTTP log format"; behind syslog's header or, in
/// containers, without one. Times of -1 mean that it never came to that.
Layouts proxyLayouts()
{
    const Parts syslog{optionalPart(Priority, "priority"), time({TimeShape::SyslogDate, TimeShape::IsoDateTime}),
                       part(Host, "host"), beginning(Component, "program", "haproxy")};
    const Parts accepted{part(Token, "client"), beginning(Bracketed, "accepted", "[")};
    const Parts acceptedTime{part(Token, "client"), time({TimeShape::ClfDate}, "[")};
    const Parts names{part(Token, "frontend"), part(Token, "backend")};
    const Parts httpTimers{measure("time_request", "ms", SlashMeasure), measure("time_queue", "ms", SlashMeasure),
                           measure("time_connect", "ms", SlashMeasure), measure("time_response", "ms", SlashMeasure),
                           measure("time_total", "ms")};
    const Parts counts{measure("connections", "", SlashMeasure),
                       measure("frontend_connections", "", SlashMeasure),
                       measure("backend_connections", "", SlashMeasure),
                       measure("server_connections", "", SlashMeasure),
                       measure("retries", ""),
                       measure("server_queue", "", SlashMeasure),
                       measure("backend_queue", "")};
    const Parts http = joined({httpTimers,
                               {measure("status", ""), measure("bytes", "bytes"), part(Token, "request_cookie"),
                                part(Token, "response_cookie"), part(Token, "termination")},
                               counts,
                               {optionalPart(Braced, "request_headers"), optionalPart(Braced, "response_headers"),
                                part(Request, "request")}});
    auto backend = part(Token, "backend");
    backend.isMessage = true;
    const Parts tcp = joined({{part(Token, "frontend"), backend, measure("time_queue", "ms", SlashMeasure),
                               measure("time_connect", "ms", SlashMeasure), measure("time_total", "ms"),
                               measure("bytes", "bytes"), part(Token, "termination")},
                              counts});
    return {
        {.name = "haproxy_http",
         .parts = joined({syslog, accepted, names, http}),
         .entityPart = "backend",
         .joinsLines = false,
         .levelFromStatus = true,
         .core = syslog.size()},
        {.name = "haproxy_tcp",
         .parts = joined({syslog, accepted, tcp}),
         .entityPart = "backend",
         .joinsLines = false,
         .core = syslog.size()},
        {.name = "haproxy_http",
         .parts = joined({acceptedTime, names, http}),
         .entityPart = "backend",
         .joinsLines = false,
         .levelFromStatus = true},
        {.name = "haproxy_tcp", .parts = joined({acceptedTime, tcp}), .entityPart = "backend", .joinsLines = false},
    };
}

} // namespace

Layouts accessLayouts()
{
    Layouts layouts{accessLayout("apache_combined", {.combined = true}), accessLayout("apache_common", {}),
                    accessLayout("apache_vhost_combined", {.host = true, .combined = true}),
                    accessLayout("apache_vhost_common", {.host = true})};
    for (auto& layout : proxyLayouts())
        layouts.push_back(std::move(layout));
    layouts.push_back({.name = "squid", // the native format
                       .parts = {time({TimeShape::Epoch}), measure("duration", "ms"), part(Host, "client"),
                                 containing(part(Token, "result"), '/'), measure("bytes", "bytes")},
                       .joinsLines = false});
    return layouts;
}

} // namespace faultline::records::catalogue
