# spelling: hcl
# Names that are given twice, beside those of structure.hcl.
host "api" {
  base_url = "http://localhost"
}

host "again" {
  base_url = "http://localhost"
}

host "again" { # error: "Name declared twice: host.again is already declared at .*twice.hcl:\d+"
  for_each = toset(["a"])
  base_url = "http://localhost"
}

user_class "u" {
  host = host.again
  request "r" {
    for_each = toset(["a", "b"])
    path     = "/"
    check "c" {
      condition = true
    }
    check "c" { # error: "user_class.u.request.r\[.a.\].check.c is already declared" # error: "user_class.u.request.r\[.b.\].check.c is already declared"
      condition = true
    }
    capture "v" {
      value = response.body
    }
    capture "v" { # error: "user_class.u.request.r\[.a.\].capture.v is already declared" # error: "user_class.u.request.r\[.b.\].capture.v is already declared"
      value = response.body
    }
  }
  request "r" { # error: "Name declared twice: user_class.u.request.r is already declared"
    path = "/"
  }
  flow "f" {
    request "a" {
      path = "/"
    }
    request "a" { # error: "Name declared twice: user_class.u.flow.f.request.a is already declared"
      path = "/"
    }
  }
  flow "f" { # error: "Name declared twice: user_class.u.flow.f is already declared"
    request "b" {
      path = "/"
    }
  }
  on_stop {
    request "bye" {
      path = "/"
    }
  }
  on_stop { # error: "Block given twice: user_class may have one on_stop block"
    request "bye" {
      path = "/"
    }
  }
}

data "d" {
  json = "lib/words.json"
}

data "d" { # error: "Name declared twice: data.d is already declared"
  csv = "lib/good.csv"
}

guard "g" {
  hosts = ["a"]
}

guard "g" { # error: "Name declared twice: guard.g is already declared"
  hosts = ["b"]
}
