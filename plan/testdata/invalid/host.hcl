host "scheme" {
  base_url = "ftp://localhost" # error: "Invalid base_url: host base_url .ftp://localhost.: it must begin with http:// or https://"
}
host "bare" {
  base_url = "localhost:8000" # error: "it must begin with http"
}
host "empty" {
  base_url = "http://" # error: "it has no host name"
}
host "user" {
  base_url = "http://me:secret@localhost" # error: "it has a user name in it; give that in an auth block"
}
host "query" {
  base_url = "http://localhost?x=1" # error: "it has a query"
}
host "fragment" {
  base_url = "http://localhost#x" # error: "it has a fragment"
}

host "letters" {
  base_url = "http://münchen.example" # error: "Invalid base_url: host base_url .http://münchen.example.: its host name has letters beyond a to z; write it as DNS has it, beginning with xn--"
}
host "port" {
  base_url = "http://localhost:99999" # error: "its port is not between 1 and 65535"
}
host "garbage" {
  base_url = "http://[::1" # error: "Invalid base_url"
}
host "number" {
  base_url         = ["x"] # error: "Wrong kind of value: host base_url must be a text"
  timeout          = "10 parsecs" # error: "Invalid duration: host timeout"
  connect_timeout  = 0 # error: "Invalid duration: host connect_timeout must be longer than zero"
  http             = "3" # error: "Unknown value: host http cannot be .3.; it is one of 1.1, 2, auto"
  connections      = 0 # error: "Invalid number of connections"
  follow_redirects = 1.5 # error: "Not a whole number: host follow_redirects"
  cookies          = "maybe" # error: "Wrong kind of value: host cookies must be true or false"
  max_rate         = 50 # error: "Invalid rate: host max_rate needs to say per what time"
}
host "more" {
  base_url         = "http://localhost"
  timeout          = -1 # error: "Invalid duration: host timeout"
  follow_redirects = 101 # error: "Number out of range: host follow_redirects must be between 0 and 100"
  connections      = "many" # error: "Invalid number of connections"
  max_rate         = "0/s" # error: "host max_rate must be greater than zero"
  headers = {
    "Bad Name" = "x" # error: "Invalid name of a header"
    A          = "x\r\nInjected: y" # error: "Invalid header: The value of header A has a line break"
    a          = "y" # error: "Name given twice: .a. is already given at .*host.hcl:\d+"
    B          = "x\n${user.id}" # error: "Invalid header"
    C          = [1] # error: "Wrong kind of value: a value in host headers must be a text, number or bool"
    D          = null
    E          = local.lines # error: "Invalid header: The value of header E has a line break"
  }
  tls { # error: "Incomplete certificate"
    cert_file          = "x"
    session_resumption = "some" # error: "Unknown value: tls session_resumption cannot be .some.; it is one of user, shared, off"
  }
  auth { # error: "One way to authenticate"
  }
}
locals {
  lines = "a\nb"
}
host "auth" {
  headers = { for n in ["A"] : n => local.lines } # error: "Invalid header: The value of header A has a line break"
  base_url = "http://localhost"
  auth { # error: "One way to authenticate"
    bearer = "a\nb" # error: "Invalid header"
    basic {
      username = null # error: "Missing value: basic username must not be null"
      password = "x"
    }
  } 
}
host "local" {
  base_url        = "http://127.0.0.1"
  local_addresses = ["here"] # error: "Invalid local address: host local_addresses: .here. is no IP address such as 10.0.0.1"
}
host "local2" {
  base_url        = "http://127.0.0.1"
  local_addresses = ["fe80::1%eth0"] # error: "Invalid local address: .* has a zone, which is known to one machine only"
}
host "local3" {
  base_url        = "http://127.0.0.1"
  local_addresses = ["127.0.0.2", "::ffff:127.0.0.2"] # error: "Local address given twice: host local_addresses has .::ffff:127.0.0.2. twice"
}
host "local4" {
  base_url        = "http://[::ffff:127.0.0.1]"
  local_addresses = ["127.0.0.2", "::1"] # error: "Local address of another family: host local_addresses: .::1. is IPv6, but the address in base_url is IPv4"
}
host "local5" {
  base_url        = "http://localhost"
  local_addresses = ["::1", "127.0.0.2"] # error: "Local address of another family: host local_addresses: .127.0.0.2. is IPv4, but ::1 is IPv6. Give addresses of one family"
}
host "local6" {
  base_url        = "http://localhost"
  local_addresses = [] # error: "Empty list: host local_addresses is empty"
}
host "local7" {
  base_url        = "http://localhost"
  local_addresses = "127.0.0.1" # error: "Wrong kind of value: host local_addresses must be a list of texts"
}
host "local8" {
  base_url        = "http://localhost"
  local_addresses = ["0.0.0.0"] # error: "Invalid local address: .*stands for any address"
}
host "local9" {
  base_url        = "http://localhost"
  local_addresses = ["224.0.0.1"] # error: "Invalid local address: .*is an address of many machines"
}
host "local10" {
  base_url        = "http://localhost"
  local_addresses = ["fe80::1"] # error: "Invalid local address: .*holds on one link only"
}
host "computed" {
  base_url = "http://localhost"
  headers  = uuid() # error: "Run-time function in a static place"
}
host "computed2" {
  base_url = "http://localhost"
  headers  = { for n in ["B C"] : n => 1 } # error: "Invalid name of a header: .B C. cannot be the name of a header"
}
