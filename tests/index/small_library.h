// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A library of fifty small functions in six languages, written for these tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "index/search_index.h"

namespace autodev::index {

struct SmallFunction {
  const char *name, *description, *code, *framework;
  Language language;
  UnitKind kind;
};

inline constexpr SmallFunction small_functions[] = {
    {"remove_directory", "Delete a directory with everything in it.",
     "def remove_directory(path):\n"
     "    for entry in os.scandir(path):\n"
     "        remove_entry(entry)\n"
     "    os.rmdir(path)",
     "os", Language::python, UnitKind::function},
    {"read_json_file", "Load a JSON file and return its contents.",
     "def read_json_file(path):\n"
     "    with open(path) as handle:\n"
     "        return json.load(handle)",
     "json", Language::python, UnitKind::function},
    {"write_csv_rows", "Write rows to a CSV file with a header line.",
     "def write_csv_rows(path, header, rows):\n"
     "    with open(path, 'w', newline='') as handle:\n"
     "        writer = csv.writer(handle)\n"
     "        writer.writerow(header)\n"
     "        writer.writerows(rows)",
     "csv", Language::python, UnitKind::function},
    {"parse_iso_date", "Parse an ISO 8601 date into a datetime.",
     "def parse_iso_date(text):\n"
     "    return datetime.datetime.fromisoformat(text)",
     "datetime", Language::python, UnitKind::function},
    {"retry_with_backoff", "Call a function again after failures, waiting twice as long each time.",
     "def retry_with_backoff(call, attempts=5, delay=0.1):\n"
     "    for attempt in range(attempts):\n"
     "        try:\n"
     "            return call()\n"
     "        except OSError:\n"
     "            time.sleep(delay * 2 ** attempt)\n"
     "    raise TimeoutError",
     "time", Language::python, UnitKind::function},
    {"flatten_nested_list", "Turn a list of lists into one flat list.",
     "def flatten_nested_list(items):\n"
     "    for item in items:\n"
     "        if isinstance(item, list):\n"
     "            yield from flatten_nested_list(item)\n"
     "        else:\n"
     "            yield item",
     "", Language::python, UnitKind::function},
    {"count_word_frequencies", "Count how often each word occurs in a text.",
     "def count_word_frequencies(text):\n"
     "    return collections.Counter(text.lower().split())",
     "collections", Language::python, UnitKind::function},
    {"normalize_columns", "Scale every column of a data frame to zero mean and unit variance.",
     "def normalize_columns(frame):\n"
     "    return (frame - frame.mean()) / frame.std()",
     "pandas", Language::python, UnitKind::function},
    {"moving_average", "Smooth a series of numbers with a sliding window.",
     "def moving_average(values, window):\n"
     "    return numpy.convolve(values, numpy.ones(window) / window, mode='valid')",
     "numpy", Language::python, UnitKind::function},
    {"send_email_message", "Send a plain text e-mail through an SMTP server.",
     "def send_email_message(host, sender, recipient, subject, body):\n"
     "    with smtplib.SMTP(host) as server:\n"
     "        server.sendmail(sender, recipient, compose(subject, body))",
     "smtplib", Language::python, UnitKind::function},
    {"hash_password", "Hash a password with a random salt.",
     "def hash_password(password):\n"
     "    salt = os.urandom(16)\n"
     "    return salt + hashlib.scrypt(password.encode(), salt=salt, n=16384, r=8, p=1)",
     "hashlib", Language::python, UnitKind::function},
    {"chunk_sequence", "Split a sequence into pieces of a given size.",
     "def chunk_sequence(items, size):\n"
     "    for start in range(0, len(items), size):\n"
     "        yield items[start:start + size]",
     "", Language::python, UnitKind::function},
    {"download_page", "Fetch a web page and return its body.",
     "def download_page(url):\n"
     "    response = requests.get(url, timeout=10)\n"
     "    response.raise_for_status()\n"
     "    return response.text",
     "requests", Language::python, UnitKind::function},
    {"resize_image", "Shrink a picture so that it fits into a box.",
     "def resize_image(path, width, height):\n"
     "    picture = Image.open(path)\n"
     "    picture.thumbnail((width, height))\n"
     "    return picture",
     "PIL", Language::python, UnitKind::function},
    {"merge_dictionaries", "Merge two dictionaries, the second one wins.",
     "def merge_dictionaries(first, second):\n"
     "    merged = dict(first)\n"
     "    merged.update(second)\n"
     "    return merged",
     "", Language::python, UnitKind::function},
    {"binarySearch", "Find a value in a sorted array in logarithmic time.",
     "int binarySearch(const std::vector<int>& values, int wanted) {\n"
     "  int low = 0, high = static_cast<int>(values.size()) - 1;\n"
     "  while (low <= high) {\n"
     "    const int middle = low + (high - low) / 2;\n"
     "    if (values[middle] == wanted) return middle;\n"
     "    if (values[middle] < wanted) low = middle + 1; else high = middle - 1;\n"
     "  }\n"
     "  return -1;\n"
     "}",
     "vector", Language::cpp, UnitKind::function},
    {"quickSort", "Sort an array in place by partitioning around a pivot.",
     "void quickSort(int* begin, int* end) {\n"
     "  if (end - begin < 2) return;\n"
     "  int* pivot = partition(begin, end);\n"
     "  quickSort(begin, pivot);\n"
     "  quickSort(pivot + 1, end);\n"
     "}",
     "", Language::cpp, UnitKind::function},
    {"reverseString", "Reverse the characters of a string.",
     "std::string reverseString(std::string text) {\n"
     "  std::reverse(text.begin(), text.end());\n"
     "  return text;\n"
     "}",
     "string", Language::cpp, UnitKind::function},
    {"matrixMultiply", "Multiply two matrices.",
     "Matrix matrixMultiply(const Matrix& a, const Matrix& b) {\n"
     "  Matrix product(a.rows(), b.columns());\n"
     "  for (size_t i = 0; i < a.rows(); ++i)\n"
     "    for (size_t j = 0; j < b.columns(); ++j)\n"
     "      for (size_t k = 0; k < a.columns(); ++k) product(i, j) += a(i, k) * b(k, j);\n"
     "  return product;\n"
     "}",
     "", Language::cpp, UnitKind::function},
    {"threadPoolSubmit", "Queue a task for the worker threads and return a future.",
     "template <typename Task> auto threadPoolSubmit(Pool& pool, Task task) {\n"
     "  std::packaged_task<void()> packaged(task);\n"
     "  auto future = packaged.get_future();\n"
     "  std::lock_guard lock(pool.mutex);\n"
     "  pool.queue.push(std::move(packaged));\n"
     "  return future;\n"
     "}",
     "thread", Language::cpp, UnitKind::function},
    {"trimWhitespace", "Remove blanks at both ends of a string.",
     "std::string_view trimWhitespace(std::string_view text) {\n"
     "  while (!text.empty() && isspace(text.front())) text.remove_prefix(1);\n"
     "  while (!text.empty() && isspace(text.back())) text.remove_suffix(1);\n"
     "  return text;\n"
     "}",
     "string_view", Language::cpp, UnitKind::function},
    {"lruCacheGet", "Look up a key in a least recently used cache.",
     "std::optional<Value> lruCacheGet(Cache& cache, const Key& key) {\n"
     "  const auto found = cache.places.find(key);\n"
     "  if (found == cache.places.end()) return std::nullopt;\n"
     "  cache.order.splice(cache.order.begin(), cache.order, found->second);\n"
     "  return found->second->value;\n"
     "}",
     "list", Language::cpp, UnitKind::function},
    {"crc32", "Compute the cyclic redundancy checksum of a buffer.",
     "uint32_t crc32(const uint8_t* bytes, size_t count) {\n"
     "  uint32_t remainder = 0xffffffff;\n"
     "  for (size_t i = 0; i < count; ++i) remainder = table[(remainder ^ bytes[i]) & 0xff] ^ (remainder >> 8);\n"
     "  return ~remainder;\n"
     "}",
     "", Language::cpp, UnitKind::function},
    {"dijkstraShortestPath", "Compute the shortest path between two nodes of a weighted graph.",
     "double dijkstraShortestPath(const Graph& graph, Node from, Node to) {\n"
     "  std::priority_queue<Step> open;\n"
     "  open.push({from, 0});\n"
     "  while (!open.empty()) {\n"
     "    const Step step = open.top(); open.pop();\n"
     "    if (step.node == to) return step.distance;\n"
     "    relax(graph, step, open);\n"
     "  }\n"
     "  return INFINITY;\n"
     "}",
     "queue", Language::cpp, UnitKind::function},
    {"debounce", "Delay a callback until the events stop for a while.",
     "function debounce(callback, delay) {\n"
     "  let timer = null;\n"
     "  return (...args) => {\n"
     "    clearTimeout(timer);\n"
     "    timer = setTimeout(() => callback(...args), delay);\n"
     "  };\n"
     "}",
     "", Language::javascript, UnitKind::function},
    {"deepClone", "Copy an object with all nested objects.",
     "function deepClone(value) {\n"
     "  if (value === null || typeof value !== 'object') return value;\n"
     "  const copy = Array.isArray(value) ? [] : {};\n"
     "  for (const key of Object.keys(value)) copy[key] = deepClone(value[key]);\n"
     "  return copy;\n"
     "}",
     "", Language::javascript, UnitKind::function},
    {"formatCurrency", "Format an amount of money with two decimals and a currency sign.",
     "function formatCurrency(amount, currency) {\n"
     "  return new Intl.NumberFormat('en', { style: 'currency', currency }).format(amount);\n"
     "}",
     "", Language::javascript, UnitKind::function},
    {"useLocalStorage", "React hook that keeps a state value in the browser's local storage.",
     "function useLocalStorage(key, initial) {\n"
     "  const [value, setValue] = useState(() => JSON.parse(localStorage.getItem(key)) ?? initial);\n"
     "  useEffect(() => localStorage.setItem(key, JSON.stringify(value)), [key, value]);\n"
     "  return [value, setValue];\n"
     "}",
     "react", Language::javascript, UnitKind::function},
    {"validateEmailAddress", "Check that a text looks like an e-mail address.",
     "function validateEmailAddress(text) {\n"
     "  return /^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$/.test(text);\n"
     "}",
     "", Language::javascript, UnitKind::function},
    {"groupBy", "Group the elements of an array by a key function.",
     "function groupBy(items, keyOf) {\n"
     "  const groups = new Map();\n"
     "  for (const item of items) {\n"
     "    const key = keyOf(item);\n"
     "    if (!groups.has(key)) groups.set(key, []);\n"
     "    groups.get(key).push(item);\n"
     "  }\n"
     "  return groups;\n"
     "}",
     "", Language::javascript, UnitKind::function},
    {"fetchWithTimeout", "Request a URL and give up after a number of milliseconds.",
     "async function fetchWithTimeout(url, milliseconds) {\n"
     "  const controller = new AbortController();\n"
     "  const timer = setTimeout(() => controller.abort(), milliseconds);\n"
     "  try { return await fetch(url, { signal: controller.signal }); } finally { clearTimeout(timer); }\n"
     "}",
     "", Language::javascript, UnitKind::function},
    {"expressErrorHandler", "Middleware that answers uncaught errors with status 500.",
     "function expressErrorHandler(error, request, response, next) {\n"
     "  logger.error(error);\n"
     "  if (response.headersSent) return next(error);\n"
     "  response.status(500).json({ message: 'internal error' });\n"
     "}",
     "express", Language::javascript, UnitKind::function},
    {"ReadLines", "Read a text file line by line.",
     "func ReadLines(path string) ([]string, error) {\n"
     "\tfile, err := os.Open(path)\n"
     "\tif err != nil { return nil, err }\n"
     "\tdefer file.Close()\n"
     "\tscanner := bufio.NewScanner(file)\n"
     "\tvar lines []string\n"
     "\tfor scanner.Scan() { lines = append(lines, scanner.Text()) }\n"
     "\treturn lines, scanner.Err()\n"
     "}",
     "bufio", Language::go, UnitKind::function},
    {"HealthHandler", "HTTP handler that reports whether the service is healthy.",
     "func HealthHandler(w http.ResponseWriter, r *http.Request) {\n"
     "\tw.WriteHeader(http.StatusOK)\n"
     "\tfmt.Fprintln(w, \"ok\")\n"
     "}",
     "net/http", Language::go, UnitKind::function},
    {"WorkerPool", "Run jobs on a fixed number of goroutines and wait for all of them.",
     "func WorkerPool(jobs []func(), workers int) {\n"
     "\tvar group sync.WaitGroup\n"
     "\tchannel := make(chan func())\n"
     "\tfor i := 0; i < workers; i++ {\n"
     "\t\tgroup.Add(1)\n"
     "\t\tgo func() { defer group.Done(); for job := range channel { job() } }()\n"
     "\t}\n"
     "\tfor _, job := range jobs { channel <- job }\n"
     "\tclose(channel)\n"
     "\tgroup.Wait()\n"
     "}",
     "sync", Language::go, UnitKind::function},
    {"RateLimiter", "Allow only so many operations in a second with a token bucket.",
     "func (l *RateLimiter) Allow() bool {\n"
     "\tl.refill(time.Now())\n"
     "\tif l.tokens < 1 { return false }\n"
     "\tl.tokens--\n"
     "\treturn true\n"
     "}",
     "time", Language::go, UnitKind::function},
    {"QueryUserByName", "Select a user row from the SQL database by its name.",
     "func QueryUserByName(db *sql.DB, name string) (User, error) {\n"
     "\tvar user User\n"
     "\terr := db.QueryRow(\"SELECT id, name FROM users WHERE name = $1\", name).Scan(&user.ID, &user.Name)\n"
     "\treturn user, err\n"
     "}",
     "database/sql", Language::go, UnitKind::function},
    {"ContainsString", "Report whether a slice has a string.",
     "func ContainsString(items []string, wanted string) bool {\n"
     "\tfor _, item := range items { if item == wanted { return true } }\n"
     "\treturn false\n"
     "}",
     "", Language::go, UnitKind::function},
    {"parse_config", "Parse a TOML configuration file into settings.",
     "fn parse_config(path: &Path) -> Result<Settings, ConfigError> {\n"
     "    let text = fs::read_to_string(path)?;\n"
     "    Ok(toml::from_str(&text)?)\n"
     "}",
     "toml", Language::rust, UnitKind::function},
    {"fibonacci_memo", "Compute Fibonacci numbers with memoization.",
     "fn fibonacci_memo(n: u64, known: &mut HashMap<u64, u64>) -> u64 {\n"
     "    if n < 2 { return n; }\n"
     "    if let Some(&value) = known.get(&n) { return value; }\n"
     "    let value = fibonacci_memo(n - 1, known) + fibonacci_memo(n - 2, known);\n"
     "    known.insert(n, value);\n"
     "    value\n"
     "}",
     "", Language::rust, UnitKind::function},
    {"levenshtein_distance", "Edit distance between two words.",
     "fn levenshtein_distance(a: &str, b: &str) -> usize {\n"
     "    let mut row: Vec<usize> = (0..=b.len()).collect();\n"
     "    for (i, x) in a.bytes().enumerate() { advance_row(&mut row, i, x, b); }\n"
     "    row[b.len()]\n"
     "}",
     "", Language::rust, UnitKind::function},
    {"base64_encode", "Encode bytes as base64 text.",
     "fn base64_encode(bytes: &[u8]) -> String {\n"
     "    bytes.chunks(3).flat_map(encode_group).collect()\n"
     "}",
     "base64", Language::rust, UnitKind::function},
    {"is_prime", "Tell whether a number is prime.",
     "fn is_prime(n: u32) -> bool {\n"
     "    n > 1 && (2..).take_while(|d| d * d <= n).all(|d| n % d != 0)\n"
     "}",
     "", Language::rust, UnitKind::function},
    {"leap_year", "Tell whether a year is a leap year.",
     "fn leap_year(year: u32) -> bool {\n"
     "    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)\n"
     "}",
     "", Language::rust, UnitKind::function},
    {"BankAccount", "Account with a balance that threads may deposit to and withdraw from.",
     "public class BankAccount {\n"
     "  private long balance;\n"
     "  public synchronized void deposit(long amount) { balance += amount; }\n"
     "  public synchronized void withdraw(long amount) {\n"
     "    if (amount > balance) throw new IllegalStateException(\"overdrawn\");\n"
     "    balance -= amount;\n"
     "  }\n"
     "}",
     "", Language::java, UnitKind::type},
    {"EventBus", "Publish events to the listeners that subscribed to their type.",
     "public class EventBus {\n"
     "  private final Map<Class<?>, List<Listener>> listeners = new HashMap<>();\n"
     "  public void subscribe(Class<?> type, Listener listener) { listeners.computeIfAbsent(type, t -> new "
     "ArrayList<>()).add(listener); }\n"
     "  public void publish(Object event) { listeners.getOrDefault(event.getClass(), List.of()).forEach(l -> "
     "l.handle(event)); }\n"
     "}",
     "java.util", Language::java, UnitKind::type},
    {"LinkedStack", "Stack of elements on a linked list with push and pop.",
     "public class LinkedStack<T> {\n"
     "  private Node<T> top;\n"
     "  public void push(T element) { top = new Node<>(element, top); }\n"
     "  public T pop() { T element = top.value; top = top.next; return element; }\n"
     "}",
     "", Language::java, UnitKind::type},
    {"celsiusToFahrenheit", "Convert a temperature from Celsius to Fahrenheit.",
     "static double celsiusToFahrenheit(double degrees) {\n"
     "  return degrees * 9 / 5 + 32;\n"
     "}",
     "", Language::java, UnitKind::method},
    {"isPalindrome", "Check whether a sentence reads the same backwards.",
     "static boolean isPalindrome(String sentence) {\n"
     "  String letters = sentence.toLowerCase().replaceAll(\"[^a-z]\", \"\");\n"
     "  return new StringBuilder(letters).reverse().toString().equals(letters);\n"
     "}",
     "", Language::java, UnitKind::method},
    {"romanNumerals", "Write a number in Roman numerals.",
     "static String romanNumerals(int number) {\n"
     "  StringBuilder text = new StringBuilder();\n"
     "  for (Numeral numeral : NUMERALS) while (number >= numeral.value) { text.append(numeral.sign); number -= "
     "numeral.value; }\n"
     "  return text.toString();\n"
     "}",
     "", Language::java, UnitKind::method},
};

/// The id of the document with this name.
inline PatternId id_of_name(std::string_view name) {
  return PatternId{base::hash128(name)};
}

/// The name of a document of the library; "?" for any other id.
inline std::string name_of(const PatternId& id) {
  for (const SmallFunction& function : small_functions)
    if (id_of_name(function.name) == id) return function.name;
  return "?";
}

inline std::vector<Document> small_library() {
  std::vector<Document> documents;
  for (const SmallFunction& function : small_functions) {
    Document document;
    document.id = id_of_name(function.name);
    document.language = function.language;
    document.kind = function.kind;
    if (*function.framework != '\0') document.frameworks = {function.framework};
    document.name = function.name;
    document.description = function.description;
    document.code = function.code;
    document.signature = document.code.substr(0, document.code.find('\n'));
    documents.push_back(document);
  }
  return documents;
}

}  // namespace autodev::index
