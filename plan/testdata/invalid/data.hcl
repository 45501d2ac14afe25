# Rows that cannot be read, and uses of rows that are not there.
host "api" {
  base_url = "http://localhost"
}

variable "secret" {
  default   = "lib/words.json"
  sensitive = true
}

data "csv_0" {
  csv = "lib/empty.csv" # error: "Invalid rows: .*empty.csv: it is empty; its first line names the columns"
}

data "csv_1" {
  csv = "lib/only_head.csv" # error: "Invalid rows: .*only_head.csv: there are no rows"
}

data "csv_2" {
  csv = "lib/ragged.csv" # error: "Invalid rows: .*ragged.csv:3: this line has 3 values, but the first line names 2 columns"
}

data "csv_3" {
  csv = "lib/quote.csv" # error: "Invalid rows: .*quote.csv:\d+:\d+: a quoted value does not end with its quote"
}

data "csv_4" {
  csv = "lib/bare.csv" # error: "Invalid rows: .*bare.csv:2:4: a . stands in a value without quotes"
}

data "csv_5" {
  csv = "lib/semicolon.csv" # error: "Invalid rows: .*semicolon.csv:1:1: its values are separated by ';'; separate them by commas"
}

data "csv_6" {
  csv = "lib/names.csv" # error: "Invalid rows: .*names.csv:1:3: the name of column 2 is empty, or begins or ends with a space"
}

data "csv_7" {
  csv = "lib/spaced.csv" # error: "Invalid rows: .*spaced.csv:1:3: the name of column 2 is empty, or begins"
}

data "csv_8" {
  csv = "lib/twice.csv" # error: "Invalid rows: .*twice.csv:1:5: two columns are named .a."
}

data "csv_9" {
  csv = "lib/latin.csv" # error: "Invalid rows: .*latin.csv:2: this line is not UTF-8 text"
}

data "csv_10" {
  csv = "lib/utf16.csv" # error: "Invalid rows: .*utf16.csv: it is UTF-16; save it as UTF-8"
}

data "json_0" {
  json = "lib/object.json" # error: "Invalid rows: .*object.json:1:1: it must be a list of plain values or of objects"
}

data "json_1" {
  json = "lib/mixed.json" # error: "Invalid rows: .*mixed.json:2:2: row 2 is an object, but those before it are plain values"
}

data "json_2" {
  json = "lib/mixed2.json" # error: "Invalid rows: .*mixed2.json:2:2: row 2 is no object, but those before it are"
}

data "json_3" {
  json = "lib/lists.json" # error: "Invalid rows: .*lists.json:1:2: row 1 is a list; rows are plain values or objects"
}

data "json_4" {
  json = "lib/null.json" # error: "Invalid rows: .*null.json:3:2: row 2 is null"
}

data "json_5" {
  json = "lib/broken.json" # error: "Invalid rows: .*broken.json:3:2: it is not JSON: invalid character"
}

data "json_6" {
  json = "lib/none.json" # error: "Invalid rows: .*none.json: there are no rows"
}

data "json_7" {
  json = "lib/hollow.json" # error: "Invalid rows: .*hollow.json: the rows are objects without values"
}

data "json_8" {
  json = "lib/doubled.json" # error: "Invalid rows: .*doubled.json:1:2: row 1 has .a. twice"
}

data "json_9" {
  json = "lib/huge.json" # error: "Invalid rows: .*huge.json:1:2: a number is out of range: numbers have at most 400 digits"
}

data "json_10" {
  json = "lib/blank.json" # error: "Invalid rows: .*blank.json:1:2: it is not JSON: it is empty"
}

data "json_11" {
  json = "lib/nameless.json" # error: "Invalid rows: .*nameless.json:1:2: row 1 has a value without a name"
}

data "json_12" {
  json = "lib/deep.json" # error: "Invalid rows: .*deep.json:1:2: a value is nested more than 500 deep"
}

data "json_13" {
  json = "lib/wide.json" # error: "Invalid rows: .*wide.json:1:2: row 1 has one more column than the 1000 that are possible"
}

data "absent" {
  csv = "lib/absent.csv" # error: "Cannot read file: data csv: .lib/absent.csv. cannot be read: there is no such file"
}

data "outside" {
  json = "../../load.go" # error: "Cannot read file: .*it leads out of the plan's directory"
}

data "nothing" { # error: "No rows: data needs a csv or json file, or a host with path and values"
}

data "both" {
  csv  = "lib/good.csv"
  json = "lib/words.json" # error: "Two sources of rows: .*csv and json are of different ones"
}

data "mixed" {
  path = "/x"
  json = "lib/words.json" # error: "Two sources of rows: .*; csv and json are of different ones"
  csv  = "lib/good.csv"
}

data "incomplete" { # error: "Missing argument: data that is fetched needs host, path and values; values is missing" # error: "Missing argument: .* host is missing"
  path = "tasks" # error: "Invalid path: data path must begin with a slash"
}

data "values" {
  host   = host.apo # error: "Unknown host: There is no host .apo."
  path   = "/"
  values = response.status # error: "Not a list: data values must be a list made from the answer, such as response.json.items\[\*\].id, not a number"
}

data "null" {
  host   = host.api
  path   = "/"
  values = null # error: "Missing value: data values must not be null"
}

data "constant" {
  host   = host.api
  path   = "/"
  values = [1, [2]] # error: "Invalid rows: data values: row 2 is a list; rows are plain values or objects"
}

data "user" {
  host   = host.api
  path   = "/${user.id}" # error: "Run-time name in a static place: user.id is known only while a user runs, but data path must be known before the run"
  values = [user.id] # error: "Run-time name in a wrong place: user.id belongs to a user, but data values is read beside the users"
}

data "order" {
  csv    = "lib/good.csv"
  order  = "backwards" # error: "Unknown value: data order cannot be .backwards."
  on_end = "stop" # error: "Unknown value: data on_end cannot be .stop."
}

data "endless" {
  csv    = "lib/good.csv"
  order  = "random"
  on_end = "fail" # error: "Rows never end: data on_end says what happens when all rows have been taken, but order = .random. draws anew"
}

data "hidden" {
  json = var.secret # error: "Sensitive value would be shown: data json names a file"
}

data "good" {
  csv = "lib/good.csv"
}

data "plain" {
  json = "lib/words.json"
}

data "many" {
  for_each = toset(["a"])
  csv      = "lib/good.csv"
}

user_class "u" {
  host = host.api
  headers = {
    A = row.good # error: "Row without a column: row.good has columns; say which: row.good.id, row.good.first name"
    B = row.good.idd # error: "Unknown column: row.good has no column .idd.. Did you mean .id.. There are id and first name"
    C = row.plain.id # error: "No columns: The rows of this data are plain values: write row.plain alone"
    D = row.goood.id # error: "Unknown data: There is no data .goood.. Did you mean .good."
    E = row.zzzzzz # error: "Unknown data: There is no data .zzzzzz.. Declare it: data .zzzzzz. \{ csv = … \}"
    F = row # error: "Incomplete name: .row. alone is not a value; say of which data: row.DATA, or row.DATA.COLUMN"
    G = data.good.id # error: "Reference in a wrong place: data.good.id refers to a block and has no value. The row of a user's iteration is row.good, and pick.data.good. draws one"
    H = pick(good) # error: "Not such a reference: what pick\(\) draws from must be a reference such as data.NAME, not good"
    I = pick("good") # error: "Not a reference: what pick\(\) draws from must be a reference such as data.NAME, without quotes"
    J = pick(data.goood) # error: "Unknown data: There is no data .goood.. Did you mean .good."
    K = pick() # error: "Wrong number of arguments: pick\(\) takes 1 argument, not 0"
    L = pick(data.good).idd # error: "Unknown entry: There is no entry .idd. in this map"
    M = row.many # error: "Reference without a key: data.many stands once for each element of its for_each. There is row.many\[.a.\]"
    N = row.many["b"].id # error: "Unknown key: There is no data.many\[.b.\]"
    O = pick(data.many) # error: "Reference without a key: data.many stands once for each element of its for_each. There is data.many\[.a.\]"
    P = pick(data.many["b"]).id # error: "Unknown key"
    Q = pick(data.good["a"]).id # error: "Key without for_each: data.good has no for_each, so there is one of it only: leave out the key"
    R = guard.g.hosts # error: "Reference in a wrong place: guard.g.hosts refers to a block and has no value, but user_class headers needs a value"
  }
  request "r" {
    path      = "/"
    body_file = "lib/absent.bin" # error: "Cannot read file: request body_file: .lib/absent.bin. cannot be read: there is no such file"
  }
  request "body" {
    path      = "/"
    json      = {}
    body_file = 5 # error: "Two bodies: request has both json and body_file"
  }
  request "parts" {
    path = "/"
    multipart = {
      a = { file = "lib/good.csv", value = "x" } # error: "One content: a value in request multipart says either a file or a value"
      b = { content_type = "text/plain" } # error: "One content"
      c = { value = "x", filename = "c.txt" } # error: "Filename without a file: filename belongs to a file"
      d = { fil = "lib/good.csv" } # error: "Unknown argument: .*there is no .fil.. Did you mean .file."
      e = { file = "lib/none" } # error: "Cannot read file: file in request multipart"
      f = { file = "lib/good.csv", content_type = "png" } # error: "Invalid content type: content_type in request multipart must be one such as .image/png., not .png."
      g = { file = "lib/good.csv", filename = "a\nb" } # error: "Invalid header: filename in request multipart has a line break or another control character in it"
      h = { file = "lib/good.csv", filename = "" } # error: "Empty text: filename in request multipart is empty"
      i = { file = user.id } # error: "Run-time name in a static place: user.id is known only while a user runs, but file in request multipart"
      "j\n" = "x" # error: "Invalid header: a name in request multipart has a line break"
      k = null # error: "Missing value: a value in request multipart must not be null"
      "" = "x" # error: "Empty name"
      "a" = "x" # error: "Name given twice: .a. is already given at"
      l = { value = null } # error: "Missing value"
      m = { file = null } # error: "Missing value: file in request multipart needs a text, not null"
      (null) = "x" # error: "Missing value: A name in request multipart is null|."
    }
  }
  request "computed" {
    path      = "/"
    multipart = { for n in ["a"] : n => n } # error: "Not a written-out map: request multipart must be a map written out"
  }
  request "empty" {
    path      = "/"
    multipart = {} # error: "Empty map: request multipart has no fields"
  }
}
