# Names in places where they mean nothing.
locals {
  seconds = user.index # error: "^Run-time name in a static place: user.index is known only while a user runs, but local.seconds must be known before the run"
  unknown = var.secnds # error: "Unknown variable: There is no variable .secnds.. Did you mean .seconds."
  undeclared = var.zzzzzzzzzzzzzz # error: "Unknown variable: .*Declare it"
  other   = local.unknwn # error: "Unknown local: .*Did you mean .unknown."
  whole   = var # error: "Incomplete name"
  rooted  = path.home # error: "Unknown name: There is no path.home; there are path.root"
  bare    = POST # error: "Unknown name: There is nothing named .POST. here. Text goes in quotes: .POST."
  later   = vars.task # error: "Run-time name in a static place: vars.task is known only while a user runs, but local.later must be known before the run"
  drawn   = uuid() # error: "Run-time function in a static place: uuid\(\) gives its value only while a user runs, but local.drawn must"
  envied  = env("HOME") # error: "Function in a wrong place: env\(\) may be used only in the default of a variable"
  waited  = constant("1s") # error: "Function in a wrong place: constant\(\) describes a pause"
  picked  = pick(1) # error: "Run-time function in a static place: pick\(\) gives its value only while a user runs"
  typo    = uper("x") # error: "Unknown function: There is no function uper\(\). Did you mean .upper."
  few     = upper() # error: "Wrong number of arguments: upper\(\) takes 1 argument, not 0"
  many    = upper("a", "b") # error: "Wrong number of arguments"
  least   = format() # error: "Wrong number of arguments: format\(\) takes at least 1 argument, not 0"
  failed  = parseint("x", 10) # error: "Wrong argument: parseint.. cannot take this as number: cannot parse"
  answer  = response.status # error: "Run-time name in a static place: response.status is known only when an answer has come"
}

variable "seconds" {
  default = local.few # error: "Name in a wrong place: local.few cannot be used in a variable's default"
}

host "api" {
  base_url = "http://localhost"
  timeout  = host.api # error: "Reference in a wrong place: host.api refers to a block and has no value, but host timeout needs a value"
  headers  = {
    A = response.body # error: "No answer yet: response.body is known only when an answer has come, but host headers"
    B = user.name # error: "Unknown name: There is no user.name; there are user.class, user.id, user.index"
    C = iteration.x # error: "Unknown name: iteration is a number"
    D = user # error: "Incomplete name: .user. alone is not a value"
    E = random_int(10, 1) # error: "Wrong argument: random_int.. cannot be computed: the first number must not be greater"
    (user.id) = "x" # error: "Run-time name in a static place: user.id .* a name in host headers"
  }
}

probe "p" {
  host = host.api
  path = "/${user.id}" # error: "Run-time name in a static place: .* probe path must"
  gauge "g" {
    value = user.index + uuid() # error: "Run-time name in a wrong place: user.index belongs to a user, but gauge value is read beside" # error: "Function in a wrong place: uuid\(\) draws a value for a user, but gauge value is read from an answer"
  }
}

user_class "u" {
  host = host.api
  request "r" {
    path = "/${reponse.json}" # error: "Unknown name: There is nothing named .reponse. here"
  }
}

scenario "s" {
  user_classes = [user_class.u]
  stage "peak" {
    users    = user.index # error: "user.index is known only while a user runs, but stage users must be known before the run"
    duration = "1m"
  }
}
