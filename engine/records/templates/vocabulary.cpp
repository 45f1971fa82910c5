// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Faultline authors
#include "engine/records/templates/vocabulary.h"
#include "engine/records/templates/char_class.h"
#include <algorithm>
#include <array>
#include <string>
#include <unordered_set>
#include <vector>

namespace faultline::records::templates
{

namespace
{

/// Stems of the words in which programs describe what they do, with the usual abbreviations of computing. Names of
/// people, places, products and things for sale are left out on purpose.
constexpr std::string_view stems =
    "a abnormal abnormally abort about above absent accept access account accurate ack acknowledge acl "
    "acpi acquire across action active actual adapt add address adjust administrator advance advertise "
    "after again against age agent ahci ahead alarm alert alias align alive all alloc allocate allow "
    "already also alter alternate always amount an analyze and android announce another answer any api "
    "apic app appear append application apply approach archive are area argument arm arp array arrive as "
    "asic ask assemble assert assign associate async at atomic attach attempt attr attribute audit auth "
    "authenticate authorize auto autofs automatic available avoid await awake away back bad balance ban "
    "band bandwidth base basic batch battery be because become been before begin behind below best "
    "better between beyond big bind bios bit bitmap black blank block bluetooth bmc body bogomips boot "
    "both bottom bound box branch break bridge brightness bring broad broadcast broken browse buffer bug "
    "build bulk bundle burst bus busy but button by bypass byte cable cache calculate call callback came "
    "camera can cancel candidate cannot capability capacity capture card carrier carry case catalog "
    "catch cause certificate cfg cgroup chain change channel character charge check checkpoint checksum "
    "child chipset choose chosen chroot cid circuit claim class clean clear click client clock clone "
    "close closed cluster cmd code cold collect collision column combine come command comment commit "
    "common communicate compact compare compatible compile complete component compress compute "
    "concurrent condition config configure confirm conflict congest conn connect consecutive consider "
    "consistent console const constant construct consume contact contain content context continue "
    "contract control convert cool copy core correct corrupt cost could count counter cover cpu crash "
    "crc create credential critical cron crop cross csv ctl ctrl current custom cycle daemon damage "
    "dangerous data database date day ddr dead deadlock debug decide declare decline decode decompress "
    "decrease decrypt default defer define degrade delay delegate delete deliver demand demote denied "
    "deny depend deploy deprecate depth derive describe descriptor deselect destination destroy detach "
    "detail detect determine dev device dhcp diagnose did die differ digest dimm dir direct directory "
    "dirty disable disassociate discard disconnect discover disk dismiss dispatch display dispose "
    "distribute dma dmi dns do document does domain done double down download drain dram draw drive "
    "driver drop drv dst due dump duplicate duration during dynamic each early ecc edge edit effect "
    "eject elapse elect element else emergency emit empty enable encode encounter encrypt end endpoint "
    "engine enough enqueue ensure enter entire entry enumerate environment eof equal erase err error "
    "escape esp establish estimate ethernet evaluate event evict exact examine exceed except exchange "
    "exclude exclusive exec execute exhaust exist exit expand expect expire explicit export expose "
    "express extend extent external extra extract fail failed failover failure fall false fan fast fatal "
    "fault fd feature feed fetch few field fifo file fill filter final finalize find fine finger finish "
    "firewall firmware first fit fix flag flow flush focus folder follow for force foreground forget "
    "fork form format forward found fp fpu fraction fragment frame free freeze frequency fresh from "
    "front froze frozen fs fsck ftp full function further fuse gain garbage gate gateway gather gave gcc "
    "general generate generic get getting gid give given global go goes going good got gpu grace "
    "graceful grant graph great group grow grub gt guard guess had half halt hand handle handler "
    "handshake hang happen hard hardware has hash have hba hdd head header health heap heartbeat heat "
    "height help here hex hibernate hide high history hit hold hole home hook host hot hotplug hour how "
    "however html http https hub hung hw id identify idle idx if ignore illegal image imap immediate "
    "implement import impossible in inactive inbound include incoming incomplete inconsistent incorrect "
    "increase increment index indicate individual info inform init initial initialize initiate inject "
    "inode input insert inside inspect install instance instead instruct insufficient integer integrity "
    "intend interface internal interrupt interval into introduce invalid invoke jar io ioctl ip ipc iptables "
    "ipv irq is iscsi iso isolate issue it item java jdbc jit job join journal json jump "
    "just jvm kb keep keepalive kerberos kernel key keyboard kill kilo knew know known label lack lan "
    "large last late latency launch layer layout ldap lead leader leak lease least leave left len length "
    "less level lib libc library lid life lifecycle light like limit line link linux list listen live "
    "load local locate lock log logical login logout long look loop loopback lose loss lost low lru lun "
    "mac machine made magic mailbox main mainloop maintain major make malloc manage manager mandatory "
    "manual many map mark mask master match max maximum may mb mean meant measure media mem member "
    "memcpy memory menu merge message met meta method metric microphone middle middleware might migrate "
    "min minimum minor minute mirror misc mismatch miss missing mmap mode model modify module monitor "
    "month more mount mouse move msg mtu multiple music must mute mutex name nat native need negative "
    "negotiate neither nest net netlink netmask network never new next nfs nic nil no node noise non "
    "none noop nor normal normally not note nothing notice notification notify now ntp null num numa "
    "number nvram object observe obsolete obtain occupy occur of off offer offline offset ok old on "
    "onboard once one online only opcode open operate operation optimize option or order orientation "
    "origin os ota other otherwise out outage outbound outgoing output outside over overflow overhead "
    "overlap override overrun own owner pack package packet page paid pair panic parallel param "
    "parameter parent parse part partial partition pass passive password patch path pattern pause "
    "payload pci pcie peer penalty pend per percent perform period peripheral permanent permission "
    "permit persist phase phone physical pick pid ping pipe pixel pkg place plan platform play please "
    "plug plugin png pod point poll pool poor pop populate popup port portion position positive posix "
    "possible post postpone power ppp precede prefer prefetch prepare presence present preserve press "
    "pressure prevent previous primary print prior priority private privilege probe problem proc "
    "procedure proceed process produce profile program progress promote prompt propagate proper property "
    "protect protocol prove provide proxy prune pthread ptr public publish pull purge push put pwd "
    "python qos quality query queue quick quiet quit quorum quota quote race radio radius raid raise ram "
    "random range rank rate reach read readonly ready real really reason reassign reboot rebuild receive "
    "recent reclaim recognize reconnect record recover recreate recycle redirect redo reduce ref refer "
    "refresh refuse reg regex region register reject relate relay release reload remain remote remove "
    "rename render renew repair repeat replace replay replica replicate reply report represent request "
    "require reschedule reserve reset resize resolve resource respond response rest restart restore "
    "restrict result resume resync ret retain retire retrieve retry return reuse rev revert review "
    "revoke rewrite rfc right role roll rom root rotate round route router rpc rsa rss rtc rtt rule run "
    "runtime rx safe said same sample sas sata save saw scale scan schedule schema scope score screen "
    "screenshot script scrub scsi sdk search second secondary section sector secure security seek seen "
    "segment select self sem send sense sensor sent separate sequence serial serialize serve server "
    "service session set setting settle setup several severe sha shallow share sheet shift shm short "
    "should show shrink shut shutdown sid side sign signal signature sigterm silent sim similar simple "
    "since single site size skip slave sleep slice slot slow small smart smp smtp snapshot snmp so "
    "socket soft software some soon sort source space spam spawn spec special specific specify speed "
    "spent spin spinlock split spool sql src ssd ssh ssl stable stack stage stale stall stand standard "
    "standby start startup state stateful stateless static station statistics status stay stderr stdin "
    "stdout steal step still stood stop storage store str stream stress strict string strip strong "
    "structure stub stuck style sub subject submit subnet subscribe subsequent subsystem succeed success "
    "such sudden sudo suffix suggest suitable summary superblock supply support suppress surface surplus "
    "suspect suspend swap switch symbol syn sync synchronize sys syscall sysctl syslog system table "
    "tablet tag take taken tamper tape target task tcp telnet temp temperature temporary term terminate "
    "test text than that the their them then there thermal these they thing this thread threshold "
    "throttle through throw tick ticket till time timeout timer title tls tmp to together token told too "
    "took tool top torus total touch trace track traffic trail train transaction transfer transform "
    "transition translate transmit trap tree trial trigger trim true truncate trust try ttl tty tune "
    "tunnel turn twice two tx txn type udp uefi ui uid umask umount unable undefine under undo unexpect "
    "unicode uninitialized unique unit universal unix unknown unless unlink unlock until unusual up "
    "update upgrade upload upon upstart upstream uptime urgent uri url usable usage usb use user usual "
    "utc util utilize uuid valid validate value vanish var variable various vendor ver verbose verify "
    "version very vfs via video view violate virtual visible visit vlan vm volatile volt voltage volume "
    "vote vpn wait wake walk wall wan want warm warn was watch watchdog watt wattage way weak weather "
    "webhook week weight well went were what when where whether which while white who whole why width "
    "wifi will window wipe wire wireless with within without wizard won word work worker world would "
    "wrap write written wrong wrote xml year yes yet yield you your zero zip zombie zone ";

constexpr std::array<std::string_view, 39> suffixes = {"fully", 
    "s",       "es",   "ed",    "d",    "ing", "er",  "or", "r",    "ion",  "ions", "ation", "ations", "ly",
    "able",    "ible", "ment",  "ness", "ful", "ity", "al", "ally", "ance", "ence", "ant",   "ent",    "ive",
    "ization", "ized", "izing", "y",    "ies", "ied", "en", "wise", "ers",  "ors",  "ments", "ities"};
constexpr std::array<std::string_view, 18> prefixes = {"un",    "re",  "in",   "im",    "non",   "dis",
                                                       "de",    "pre", "mis",  "over",  "under", "sub",
                                                       "inter", "out", "auto", "multi", "ir",    "ab"};
constexpr std::size_t shortestStem = 3;

bool isStem(std::string_view word)
{
    static const auto all = [] {
        std::unordered_set<std::string_view> words;
        for (std::size_t at = 0; at < stems.size();) {
            const auto end = std::min(stems.find(' ', at), stems.size());
            words.insert(stems.substr(at, end - at));
            at = end + 1;
        }
        return words;
    }();
    return all.contains(word);
}

/// `stopping`: stop; `retries`: retry; `resolution` is in the list.
bool isInflected(std::string_view word)
{
    if (isStem(word))
        return true;
    for (const auto suffix : suffixes) {
        if (!word.ends_with(suffix) || word.size() < suffix.size() + shortestStem)
            continue;
        std::string stem(word.substr(0, word.size() - suffix.size()));
        const auto n = stem.size();
        if (isStem(stem) || (n > shortestStem && stem[n - 1] == stem[n - 2] && isStem(stem.substr(0, n - 1))))
            return true;
        for (const auto end : {"e", "y", "te"})
            if (isStem(stem + end))
                return true;
    }
    return false;
}

bool isVocabularyWord(std::string_view lower)
{
    if (isInflected(lower))
        return true;
    const auto endsLike = [&](std::string_view ending) { return lower.size() > 5 && lower.ends_with(ending); };
    if (endsLike("ing") || endsLike("tion") || endsLike("ally") || endsLike("edly"))
        return true;
    return std::any_of(prefixes.begin(), prefixes.end(), [&](std::string_view prefix) {
        return lower.starts_with(prefix) && lower.size() >= prefix.size() + shortestStem &&
               isInflected(lower.substr(prefix.size()));
    });
}

bool isUpper(char c)
{
    return (classOf(c) & char_class::upper) != 0;
}

/// Runs of letters in lower case, cut where the case changes: `onSleep` is on, sleep; `HTTPServer` is http, server.
std::vector<std::string> partsOf(std::string_view word)
{
    std::vector<std::string> parts;
    bool inPart = false;
    for (std::size_t i = 0; i < word.size(); ++i) {
        if (!isLetter(word[i])) {
            inPart = false;
            continue;
        }
        const bool nextIsLower = i + 1 < word.size() && isLetter(word[i + 1]) && !isUpper(word[i + 1]);
        const bool cut = isUpper(word[i]) && (i == 0 || !isUpper(word[i - 1]) || nextIsLower);
        if (!inPart || cut)
            parts.emplace_back();
        parts.back() += static_cast<char>(word[i] | 0x20);
        inPart = true;
    }
    return parts;
}

} // namespace

double vocabularyShare(std::string_view word)
{
    while (!word.empty() && isOneOf(word.back(), ".!?:,"))
        word.remove_suffix(1);
    if (std::any_of(word.begin(), word.end(), [](char c) { return (classOf(c) & char_class::high) != 0; }))
        return 0.0;
    const auto letters = static_cast<std::size_t>(std::count_if(word.begin(), word.end(), isLetter));
    const bool digits = std::any_of(word.begin(), word.end(), isDigit);
    if (letters <= 2 && !digits)
        return 1.0;
    if (letters == word.size() &&
        (std::none_of(word.begin() + 1, word.end(), isUpper) || std::all_of(word.begin(), word.end(), isUpper))) {
        std::string lower(word);
        for (auto& c : lower)
            c = static_cast<char>(c | 0x20);
        return isVocabularyWord(lower) ? 1.0 : 0.0;
    }
    const auto parts = partsOf(word);
    if (parts.size() < 2)
        return 0.0;
    const auto known = std::count_if(parts.begin(), parts.end(), isVocabularyWord);
    return compoundWeight * static_cast<double>(known) / static_cast<double>(parts.size());
}

} // namespace faultline::records::templates
