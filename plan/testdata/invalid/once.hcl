# One mistake is one diagnostic: what follows from it is not said.
host "api" {
  base_ulr = "http://localhost" # error: "Unknown argument: There is no argument .base_ulr. in a host. Did you mean .base_url."
}

host "9 lives" { # error: "Invalid name"
  base_url = "http://localhost"
}

data "rows" {
  cvs = "lib/users.csv" # error: "Unknown argument: There is no argument .cvs. in a data. Did you mean .csv."
}

data "named" {
  csv = "lib/good.csv"
}

data "asked" {
  host   = host.nine_lives
  path   = "/"
  vlaues = response.json # error: "Unknown argument: There is no argument .vlaues. in a data. Did you mean .values."
}

variable "user" {
  defautl = "x" # error: "Unknown argument: There is no argument .defautl. in a variable. Did you mean .default."
}

variable "numbers" {
  type    = list(number)
  default = [1, "two"] # error: "Wrong kind of value: variable .numbers. must be a value of type list.number.: at .1.: a number is wanted"
}

variable "named" {
  default = "x"
  env     = ["X"] # error: "Wrong kind of value: variable env must be a text, not a list"
}

user_class "member" {
  host   = host.api
  wieght = 1 # error: "Unknown argument: There is no argument .wieght. in a user_class. Did you mean .weight."
  request "get" {
    path = "/${row.rows.name}/${var.user}"
    capture "id" {
      value = response.json.id
    }
  }
}

user_class "other" {
  host   = host.api
  tags   = { team = "search", list = [1] } # error: "Wrong kind of value: user_class tags must be a map of texts: entry .list.: a text is wanted, not a list"
  weight = 1
  flow "f" {
    request "all" {
      for_each = null # error: "Missing value: request for_each must not be null"
      path     = "/"
      capture "id" {
        value = response.json.id
      }
    }
    request "one" {
      path = "/${vars.id}"
    }
    request "file" {
      path = "/"
      json = [file("${user.class}.txt"), row.named[0], pick(row.named)] # error: "Run-time name in a static place: user.class is known only while a user runs, but file.. reads its file before the run" # error: "Unknown column: The columns of row.named have names: row.named.id" # error: "Not such a reference: what pick.. draws from"
    }
    request "drawn" {
      path = "/${file("lib/${random_int(1, 2)}.txt")}" # error: "Run-time name in a static place: random_int.. is known only while a user runs, but file.. reads its file before the run"
    }
  }
}

scenario "main" {
  user_classes = [user_class.member, user_class.other]
  stage "open" {
    rtae     = "10/s" # error: "Unknown argument: There is no argument .rtae. in a stage. Did you mean .rate."
    arrivals = "even"
    duration = "1m"
  }
}
