// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The tables of opposites and classes, and their look-up by stem. Each axis is "names of one end | names of the other";
// each class lists things, the names of one thing joined by "=".
#include "index/opposites.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "base/text.h"
#include "index/words.h"

namespace autodev::index {
namespace {

constexpr auto pairs = std::to_array<OppositePair>({
    {"enable", "disable"},     {"encode", "decode"},       {"encrypt", "decrypt"},    {"min", "max"},
    {"minimum", "maximum"},    {"minimize", "maximize"},   {"smallest", "largest"},   {"smaller", "larger"},
    {"smaller", "greater"},    {"less", "greater"},        {"less", "more"},          {"lowest", "highest"},
    {"low", "high"},           {"lower", "upper"},         {"lowercase", "uppercase"}, {"shortest", "longest"},
    {"short", "long"},         {"read", "write"},          {"load", "save"},          {"load", "store"},
    {"load", "dump"},          {"parse", "format"},        {"serialize", "deserialize"}, {"add", "remove"},
    {"add", "subtract"},       {"add", "delete"},          {"insert", "remove"},      {"insert", "delete"},
    {"create", "delete"},      {"create", "destroy"},      {"append", "prepend"},     {"push", "pop"},
    {"enqueue", "dequeue"},    {"increase", "decrease"},   {"increment", "decrement"}, {"first", "last"},
    {"head", "tail"},          {"start", "end"},           {"start", "stop"},         {"begin", "end"},
    {"ascending", "descending"}, {"asc", "desc"},          {"next", "previous"},      {"next", "prev"},
    {"before", "after"},       {"left", "right"},          {"top", "bottom"},         {"up", "down"},
    {"forward", "backward"},   {"inner", "outer"},         {"inside", "outside"},     {"open", "close"},
    {"lock", "unlock"},        {"show", "hide"},           {"visible", "hidden"},     {"connect", "disconnect"},
    {"attach", "detach"},      {"join", "leave"},          {"join", "split"},         {"merge", "split"},
    {"pack", "unpack"},        {"zip", "unzip"},           {"compress", "decompress"}, {"archive", "unarchive"},
    {"include", "exclude"},    {"allow", "deny"},          {"accept", "reject"},      {"approve", "deny"},
    {"grant", "revoke"},       {"true", "false"},          {"even", "odd"},           {"positive", "negative"},
    {"same", "different"},     {"equal", "different"},     {"empty", "full"},         {"success", "failure"},
    {"pass", "fail"},          {"import", "export"},       {"input", "output"},       {"send", "receive"},
    {"upload", "download"},    {"multiply", "divide"},     {"sum", "product"},        {"row", "column"},
    {"all", "any"},            {"union", "intersection"},  {"horizontal", "vertical"}, {"sync", "async"},
});

constexpr auto axes = std::to_array<std::string_view>({
    "min minimum smallest lowest least minimal shortest | max maximum largest biggest highest greatest most maximal longest",
    "smaller less fewer lower below under shorter | larger bigger greater more higher above over longer exceeding",
    "enable activate | disable deactivate",
    "add insert append push create register attach install | remove delete erase drop pop destroy detach unregister uninstall",
    "read load fetch receive download get | write save send upload store dump",
    "encode encrypt serialize compress marshal pack | decode decrypt deserialize decompress unmarshal unpack extract",
    "open start begin launch connect boot | close stop end terminate disconnect shutdown halt kill quit",
    "resume continue unpause | pause suspend stop halt freeze",
    "increase increment raise grow gain | decrease decrement reduce lower shrink lose",
    "first earliest oldest initial begin start | last latest newest final end",
    "old former past | new current future",
    "ascending asc increasing | descending desc decreasing reverse",
    "next following forward after later subsequent | previous prev preceding backward before earlier prior back",
    "left west | right east",
    "top north up upward upper | bottom south down downward lower",
    "prefix leading start head | suffix trailing end tail",
    "horizontal row width | vertical column height",
    "inner inside internal interior within | outer outside external exterior",
    "incoming inbound inward ingress | outgoing outbound outward egress",
    "public | private protected hidden",
    "local | remote global distributed",
    "lock acquire block | unlock release unblock",
    "show display reveal expose visible | hide conceal mask hidden invisible",
    "allow permit grant accept approve include whitelist | deny forbid revoke reject refuse exclude blacklist block",
    "merge join combine concatenate | split separate divide partition",
    "valid legal | invalid illegal",
    "success succeed pass passed | failure fail error failed",
    "true on yes | false off no",
    "sync synchronous blocking | async asynchronous nonblocking",
    "client customer | server",
    "parent ancestor superclass | child descendant subclass",
    "row | column col",
    "rows | columns",
    "sender source origin producer publisher | receiver recipient target destination consumer subscriber",
    "subscribe follow | unsubscribe unfollow",
    "publish | unpublish retract subscribe",
    "assign bind link mount | unassign unbind unlink unmount",
    "expand unfold | collapse fold",
    "buy purchase | sell",
    "deposit credit | withdraw debit",
    "charge pay | refund",
    "lend | borrow",
    "promote upgrade | demote downgrade",
    "login signin | logout signout",
    "in | out",
    "even | odd",
    "ceil ceiling | floor",
    "quote escape | unquote unescape",
    "wrap box | unwrap unbox",
    "absolute | relative",
    "shallow | deep",
    "static | dynamic",
    "lazy | eager",
    "strict | lenient loose",
    "optional | required mandatory",
    "signed | unsigned",
    "constant immutable readonly read | mutable variable writable",
    "sparse | dense",
    "fast quick fastest | slow slowest",
    "hot warm | cold",
    "heat | cool",
    "young youngest | old oldest eldest",
    "near nearest closest close | far farthest furthest",
    "narrow narrowest thin | wide widest thick",
    "light lightest bright | dark heavy heaviest",
    "brighten lighten | darken",
    "cheap cheapest | expensive dearest",
    "best better good | worst worse bad",
    "rich | poor",
    "hard difficult | easy simple",
    "safe secure | unsafe insecure",
    "online | offline",
    "singular | plural",
    "upstream | downstream",
    "numerator dividend | denominator divisor",
    "minuend | subtrahend",
    "ancestor | successor",
    "predecessor | successor",
    "master primary leader main | slave replica follower secondary",
    "backup | restore",
    "commit | rollback abort revert",
    "do redo | undo",
    "acknowledge ack | nack",
    "warn | silence",
    "mute | unmute",
    "pin | unpin",
    "clockwise | counterclockwise anticlockwise",
    "day sunrise morning | night sunset evening",
    "weekday workday | weekend holiday",
    "win winner winning | lose loser losing",
    "import | export",
    "input | output",
    "request | response reply",
    "question | answer",
    "numeric digit | alphabetic letter",
    "lowercase lower | uppercase upper capital",
    "encrypted | plaintext",
    "inflate | deflate",
    "intersection | union difference",
    "sum total | product difference",
    "multiply times | divide quotient",
    "plus | minus",
    "sin sine | cos cosine tan tangent",
    "mean average | median mode variance",
    "and | xor",
    "stack lifo | queue fifo",
    "breadth bfs | depth dfs",
    "encoder | decoder",
    "reader loader | writer",
    "getter | setter",
    "push | pull",
    "pop peek | push",
    "shift | unshift",
    "ssl tls encrypted | plain unencrypted",
    "male | female",
    "credit | debit",
    "supply | demand",
    "sunrise | sunset",
    "cache store | evict invalidate",
    "zoom in | zoom out",
});

constexpr auto classes = std::to_array<std::string_view>({
    "json yaml=yml xml toml csv tsv ini html markdown=md protobuf avro parquet msgpack=messagepack excel=xlsx=xls pdf latex orc bson cbor",
    "png jpeg=jpg gif bmp webp tiff svg ico heic",
    "mp3 wav flac ogg aac mp4 avi mkv webm",
    "md5 sha1 sha256 sha512 sha224 sha384 sha3 crc32 blake2 blake3 xxhash murmur adler32 bcrypt scrypt argon2",
    "aes rsa des blowfish chacha20 ecdsa ed25519 dsa",
    "http=https ftp sftp ssh=scp smtp imap pop3 tcp udp websocket mqtt grpc amqp dns dhcp ldap snmp telnet",
    "mysql=mariadb postgres=postgresql sqlite redis mongodb=mongo cassandra elasticsearch dynamodb oracle mssql neo4j memcached duckdb clickhouse couchdb influxdb",
    "gzip=gz bzip2=bz2 tar zip lzma=xz zstd brotli lz4 snappy deflate 7z rar",
    "base64 base32 base58 base85 hex=hexadecimal binary octal decimal roman",
    "utf8=utf-8 utf16 utf32 latin1 ascii cp1252",
    "aws azure gcp heroku digitalocean cloudflare",
    "github gitlab bitbucket gitea",
    "s3 dynamodb sqs sns ec2 kinesis",
    "slack discord telegram whatsapp teams email=mail sms twitter facebook instagram linkedin youtube reddit",
    "stripe paypal braintree adyen klarna",
    "kafka rabbitmq nats zeromq sqs pulsar",
    "docker podman kubernetes=k8s vagrant",
    "python java javascript=js typescript=ts rust golang ruby php kotlin swift scala perl csharp cpp haskell lua bash",
    "react vue angular svelte ember",
    "django flask fastapi express spring rails laravel symfony",
    "numpy pandas tensorflow pytorch keras sklearn scipy polars",
    "linux windows macos=osx android ios",
    "chrome firefox safari edge opera",
    "vim emacs vscode nano",
    "git svn mercurial",
    "ipv4 ipv6",
    "quicksort mergesort heapsort bubblesort insertionsort radixsort timsort",
    "dijkstra bellman floyd kruskal prim",
    "rgb hsv=hsb hsl cmyk lab yuv grayscale=greyscale",
    "circle square rectangle triangle ellipse polygon hexagon cube sphere cylinder cone",
    "january february march april june july august september october november december",
    "monday tuesday wednesday thursday friday saturday sunday",
    "red green blue yellow black white orange purple",
    "npm pip cargo maven gradle yarn apt",
    "oauth saml kerberos jwt",
    "mercator gnomonic",
});

constexpr auto units = std::to_array<std::string_view>({
    "nanosecond=ns microsecond=us millisecond=ms second=sec minute hour day week month year decade century",
    "bit byte kilobyte=kb=kib megabyte=mb=mib gigabyte=gb=gib terabyte=tb=tib petabyte",
    "millimeter=mm=millimetre centimeter=cm=centimetre meter=metre kilometer=km=kilometre inch=inches foot=feet yard mile",
    "milligram gram kilogram=kg ounce pound=lb tonne ton stone",
    "celsius=centigrade fahrenheit kelvin rankine",
    "radian degree gradian",
    "pixel=px point=pt em rem percent",
    "liter=litre milliliter=millilitre gallon pint cup",
    "joule calorie kilojoule kilowatt watt horsepower volt ampere ohm",
    "dollar=usd euro=eur pound=gbp yen=jpy franc rupee yuan bitcoin",
    "pascal bar psi atmosphere",
    "hertz=hz kilohertz megahertz gigahertz",
    "utc=gmt localtime",
});

constexpr auto negations = std::to_array<std::string_view>({
    "aren", "cannot", "cant", "couldn", "didn", "doesn", "don", "dont", "except", "hasn", "haven", "isn", "neither",
    "never", "no", "non", "none", "nor", "not", "shouldn", "unless", "wasn", "weren", "without", "wouldn",
});

/// Words that say the same in a request, beyond those that share a stem.
constexpr auto synonyms = std::to_array<std::string_view>({
    "delete remove erase drop discard purge", "create make build generate construct produce", "get fetch retrieve obtain acquire return",
    "find search locate lookup", "convert transform cast change turn translate conversion", "directory folder", "print display show output",
    "check test verify validate determine ensure whether", "start begin launch", "run execute invoke call perform", "stop end terminate halt quit kill",
    "average mean", "maximum largest biggest highest greatest", "minimum smallest lowest least", "concatenate join combine merge concat",
    "split divide separate partition break", "read load", "save store persist", "write save", "sort order arrange", "unique distinct",
    "image picture photo", "add append insert", "count number tally", "random arbitrary", "shuffle permute", "equal same identical",
    "replace substitute swap", "length size", "column field", "argument parameter option flag", "method function procedure routine",
    "attribute property", "wait sleep pause delay", "copy clone duplicate", "initialize setup", "draw plot render paint",
    "calculate compute evaluate determine", "iterate loop traverse walk", "error exception failure", "empty blank", "uppercase upper capital",
    "lowercase lower", "trim strip", "regular regex pattern", "character letter", "exist contain has", "dataframe frame",
    "encrypt cipher", "decrypt decipher", "send post publish emit", "login authenticate signin authentication", "url link address",
    "retry repeat", "cache memoize", "concurrent parallel", "serialize marshal dump", "deserialize unmarshal", "reverse invert flip",
    "dictionary map mapping", "list array sequence", "string text", "integer int", "email mail", "identifier id", "select choose pick",
    "resize scale", "log record", "update change modify edit", "show list", "message notification", "item element entry member value", "exchange swap", "notice watch",
    "key name", "task job", "user account", "configuration config settings setting", "parse read", "request query", "task todo",
    "mask hide", "fast quick", "large big huge", "small little tiny", "start launch", "path file", "rotate turn", "limit bound",
    "sum add total", "measure time", "schedule plan", "watch monitor observe", "extract get", "fill pad", "group cluster",
    "find get compute calculate determine obtain give", "group partition", "detect find contain check",
});

/// What is known of one stem.
struct Entry {
  std::set<std::pair<std::uint16_t, bool>> ends;  ///< axis, and which end
  std::vector<ClassMember> classes;
  std::set<std::uint16_t> meanings;  ///< groups of synonyms
};

std::string stem_of(std::string_view word) { return stem(spelled_out(word)); }

class Table {
 public:
  Table() {
    std::uint16_t axis = 0;
    for (const OppositePair& pair : pairs) add_axis(axis++, pair.one, pair.other);
    for (const std::string_view line : axes) {
      const std::size_t middle = line.find(" | ");
      add_axis(axis++, line.substr(0, middle), line.substr(middle + 3));
    }
    std::uint16_t of = 1;
    for (const std::string_view line : classes) add_class(of++, line, false);
    for (const std::string_view line : units) add_class(of++, line, true);
    std::uint16_t meaning = 0;
    for (const std::string_view line : synonyms) {
      for (const std::string_view word : base::split(line, ' ')) entries_[stem_of(word)].meanings.insert(meaning);
      ++meaning;
    }
  }

  [[nodiscard]] const Entry* find(std::string_view stemmed) const {
    const auto found = entries_.find(stemmed);
    return found == entries_.end() ? nullptr : &found->second;
  }

 private:
  void add_axis(std::uint16_t axis, std::string_view one, std::string_view other) {
    for (const std::string_view word : base::split(one, ' ')) entries_[stem_of(word)].ends.emplace(axis, false);
    for (const std::string_view word : base::split(other, ' ')) entries_[stem_of(word)].ends.emplace(axis, true);
  }

  void add_class(std::uint16_t of, std::string_view line, bool unit) {
    for (const std::string_view names : base::split(line, ' ')) {
      ++things_;
      for (const std::string_view name : base::split(names, '=')) entries_[stem_of(name)].classes.push_back({of, things_, unit});
    }
  }

  std::map<std::string, Entry, std::less<>> entries_;
  std::uint16_t things_ = 0;
};

/// Built once from the tables above and constant from then on.
const Table& table() {
  static const Table made;
  return made;
}

constexpr auto turning_prefixes = std::to_array<std::string_view>({"un", "non", "dis", "de", "in", "im", "ir", "anti", "mis", "counter"});
constexpr std::size_t least_base = 4;  // "it" and "unit", "put" and "input" have nothing to do with each other
// Words that begin like a turned one and are none.
constexpr auto not_turned = std::to_array<std::string_view>({"import", "input", "inside", "index", "design", "depress", "intent", "instance", "insert", "inform", "depend", "default", "image", "unicode"});

bool turned(std::string_view word, std::string_view base_word) {
  if (base_word.size() < least_base || word.size() <= base_word.size() || !word.ends_with(base_word)) return false;
  if (std::find(not_turned.begin(), not_turned.end(), word) != not_turned.end()) return false;
  const std::string_view prefix = word.substr(0, word.size() - base_word.size());
  return std::find(turning_prefixes.begin(), turning_prefixes.end(), prefix) != turning_prefixes.end();
}

}  // namespace

std::span<const OppositePair> opposite_pairs() noexcept { return pairs; }

bool is_turned(std::string_view one, std::string_view other) { return turned(one, other) || turned(other, one); }

bool are_opposites(std::string_view one, std::string_view other) {
  if (one == other) return false;
  if (is_turned(one, other)) return true;
  const Entry* a = table().find(one);
  const Entry* b = table().find(other);
  if (a == nullptr || b == nullptr) return false;
  return std::any_of(a->ends.begin(), a->ends.end(), [&](const auto& end) { return b->ends.contains({end.first, !end.second}); });
}

ClassMember class_member(std::string_view stemmed) {
  const Entry* entry = table().find(stemmed);
  return entry == nullptr || entry->classes.empty() ? ClassMember{} : entry->classes.front();
}

bool is_negation(std::string_view word) noexcept {
  return std::binary_search(negations.begin(), negations.end(), word);
}

bool are_synonyms(std::string_view one, std::string_view other) {
  if (one == other) return true;
  const Entry* a = table().find(one);
  const Entry* b = table().find(other);
  if (a == nullptr || b == nullptr) return false;
  return std::any_of(a->meanings.begin(), a->meanings.end(), [&](std::uint16_t meaning) { return b->meanings.contains(meaning); });
}

}  // namespace autodev::index
