host "api" {
  base_url = "http://localhost"
}
user_class "quoted" {
  host = "api" # error: "Not a reference: user_class host must be a reference such as host.NAME, without quotes"
  wait = "1s" # error: "Invalid wait: user_class wait is one of constant"
  request "r" {
    path = "/"
  }
}
user_class "unknown" {
  host = host.apo # error: "Unknown host: There is no host .apo.. Did you mean .api."
  wait = constnt("1s") # error: "Unknown wait: There is no wait constnt\(\).* Did you mean .constant."
  request "r" {
    path = "/"
  }
}
user_class "wrong" {
  host        = var.api # error: "Not such a reference: user_class host must be a reference such as host.NAME, not var.api"
  wait        = between("3s", "1s") # error: "Invalid wait: between\(\) has its longer time first"
  weight      = 1
  fixed_count = 2 # error: "Weight and fixed_count"
  request "r" {
    path = "/"
  }
}
user_class "idle" { # error: "Nothing to do: user_class idle has neither request nor flow blocks, so its users would do nothing"
  host   = host.api
  wait   = constant("0s") # error: "Invalid duration: constant\(\) needs a time longer than zero"
  weight = -1 # error: "Number out of range: user_class weight must be between 0 and 1000000000"
}
user_class "zero" { # error: "Nothing to do: All requests and flows of user_class zero have weight 0"
  host        = host.api
  wait        = throughput("0/s") # error: "Invalid rate: throughput\(\) needs a rate greater than zero"
  fixed_count = 0 # error: "Number out of range: user_class fixed_count must be between 1"
  mix         = "exakt" # error: "Unknown value: user_class mix cannot be .exakt.; it is one of exact, random. Did you mean .exact."
  request "r" {
    weight = 0
    path   = "/"
  }
}
user_class "waits" {
  host = host.api
  wait = between("1s") # error: "Wrong number of arguments: between\(\) takes 2 arguments, not 1"
  tags = "x" # error: "Wrong kind of value: user_class tags must be a map of texts"
  request "r" {
    path = "/"
  }
}
user_class "waits2" {
  host = host.api
  wait = pacing() # error: "Wrong number of arguments: pacing\(\) takes 1 or 2 arguments, not 0"
  request "r" {
    path = "/"
  }
}
user_class "waits3" {
  host = host.api
  wait = exponential("soon") # error: "Invalid duration: exponential\(\)"
  request "r" {
    path = "/"
  }
}
user_class "waits4" {
  host = host.api
  wait = throughput("fast") # error: "Invalid rate: throughput\(\)"
  request "r" {
    path = "/"
  }
}
user_class "waits5" {
  host = host.api
  wait = constant(null) # error: "Missing value: constant\(\) needs a duration"
  request "r" {
    path = "/"
  }
}
user_class "waits6" {
  host = host.api
  wait = constant("${user.id}s") # error: "user.id is known only while a user runs, but constant\(\) must be known before the run"
  request "r" {
    path = "/"
  }
}
user_class "requests" {
  host = host.api
  request "a" {
    method = "GET /" # error: "Invalid method: .GET /. cannot be an HTTP method"
    path   = "things" # error: "Invalid path: request path must begin with a slash"
    weight = "heavy" # error: "Wrong kind of value: request weight must be a number"
  }
  request "b" {
    path    = "http://localhost/things/${user.id}" # error: "Invalid path: request path is a whole address"
    name    = " " # error: "Invalid name: request name is a row"
    timeout = "0s" # error: "Invalid duration: request timeout must be longer than zero"
  }
  request "typed" {
    path      = "/"
    headers   = { content-type = "multipart/form-data" } # error: "Header of a multipart body: The Content-Type of a multipart body names the boundary between its parts, so it is made with them. Leave it out"
    multipart = { a = "x" }
  }
  request "c" {
    path          = "/a#b" # error: "Invalid path: request path has a #"
    expect_status = 200 # error: "Not a list: request expect_status must be a list"
    body          = "x"
    json          = {} # error: "Two bodies: request has both body and json"
  }
  request "d" {
    path          = null # error: "Missing value: request path must not be null"
    expect_status = [] # error: "Empty list: request expect_status"
    query         = { "" = "x" } # error: "Empty name"
  }
  request "e" {
    path          = "/"
    expect_status = ["2xx"] # error: "Invalid status code: request expect_status: .2xx. is not a status code"
    query         = [1] # error: "Wrong kind of value: request query must be a map of texts"
  }
  request "f" {
    path          = "/${{}}" # error: "Wrong kind of value: A text can have texts, numbers, true and false in it, but this is a map"
    expect_status = ["399-300"] # error: "Invalid status code"
  }
  request "g" {
    path          = "/"
    expect_status = [99, 200, "x"] # error: "Invalid status code: .*99" # error: "Invalid status code: .*.x. is not a status code"
    form          = { a = { b = 1 } } # error: "a value in request form must be a text"
  }
  request "h" { # error: "Missing argument: request needs path"
    expect_status = [null] # error: "Invalid status code"
  }
}
