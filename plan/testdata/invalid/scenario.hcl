host "api" {
  base_url = "http://localhost"
}
user_class "a" {
  host = host.api
  request "r" {
    path = "/"
  }
}
user_class "b" {
  host   = host.api
  weight = 0
  request "r" {
    path = "/"
  }
}
user_class "fixed" {
  host        = host.api
  fixed_count = 3
  request "r" {
    path = "/"
  }
}
scenario "classes" {
  user_classes = [user_class.a, user_class.b] # error: "Share of users not given: .*user_class.a .at .*scenario.hcl:4. says neither weight nor fixed_count"
  max_in_flight = 5 # error: "Only for an open scenario: scenario max_in_flight"
  on_late       = "drop" # error: "Only for an open scenario: scenario on_late"
  stage "s" {
    users    = 1
    duration = "1m"
  }
}
scenario "twice" { # error: "No stages: scenario twice has no stage blocks"
  user_classes = [
    user_class.a,
    user_class.a, # error: "User class given twice: user_class.a is already in the list"
    user_class.c, # error: "Unknown user_class: There is no user_class .c.. Did you mean|Unknown user_class: There is no user_class .c.\.$"
    host.api, # error: "Not such a reference: scenario user_classes must be a reference such as user_class.NAME, not host.api"
  ]
}
scenario "nobody" {
  user_classes = [] # error: "No users: scenario user_classes is empty"
  after        = [scenario.nobody] # error: "Scenario after itself"
  graceful_stop = "x" # error: "Invalid duration: scenario graceful_stop"
  stage "s" {
    users    = 1
    duration = "1m"
  }
}
scenario "zero" {
  user_classes = [user_class.b] # error: "No users: All user classes of the scenario have weight 0"
  after        = scenario.nobody # error: "Not a list: scenario after must be a list"
  stage "s" {
    users    = 1
    duration = "1m"
  }
}
scenario "open" {
  user_classes = [user_class.fixed] # error: "Fixed count in an open scenario: user_class.fixed"
  on_late      = "panic" # error: "Unknown value: scenario on_late"
  stage "s" {
    rate       = "10/s"
    spawn_rate = 10 # error: "Only for a closed stage: stage spawn_rate"
    duration   = "1m"
  }
}
scenario "mixed" {
  user_classes = [user_class.a]
  after        = [scenario.classes, scenario.classes] # error: "Scenario given twice"
  stage "closed" {
    users    = 1
    duration = "1m"
  }
  stage "open" {
    rate     = "10/s" # error: "Users and rate mixed: scenario.mixed.open says a rate and scenario.mixed.closed says users"
    duration = "1m"
  }
  stage "open" { # error: "Name declared twice: scenario.mixed.open"
    users    = 1
    duration = "1m"
  }
}
scenario "stages" {
  user_classes = [user_class.a]
  stage "both" {
    users    = user.index # error: "user.index is known only while a user runs, but stage users must be known"
    rate     = "1/s" # error: "Users and rate: stage says either users"
    duration = "1m"
  }
  stage "none" { # error: "No level: stage needs users"
    duration = "1m"
  }
}
scenario "ramps" {
  user_classes = [user_class.a]
  stage "two" {
    users      = 1
    spawn_rate = 1 # error: "Two ramps"
    ramp       = "1s"
    arrivals   = "even" # error: "Only for an open stage: stage arrivals"
    duration   = 0 # error: "Invalid duration: stage duration must be longer than zero"
    iterations = 0 # error: "Number out of range: stage iterations must be between 1"
  }
  stage "three" {
    users      = 1
    spawn_rate = 0    # error: "Two ramps" # error: "Invalid rate: stage spawn_rate must be greater than zero"
    ramp       = "1x" # error: "Invalid duration: stage ramp"
    duration   = "1m"
  }
  stage "fast" { # error: "Missing argument: stage needs duration"
    users      = 1.5 # error: "Not a whole number: stage users must be a whole number, not 1.5"
    spawn_rate = 0 # error: "Invalid rate: stage spawn_rate must be greater than zero"
    warmup     = "si" # error: "Wrong kind of value: stage warmup must be true or false"
  }
  stage "huge" {
    users      = 10000000000 # error: "Number out of range: stage users must be between 0 and 10000000"
    spawn_rate = "NaN" # error: "Invalid rate: stage spawn_rate"
    duration   = "inf" # error: "Invalid duration"
  }
}
scenario "rates" {
  user_classes = [user_class.a]
  stage "bare" {
    rate     = 50 # error: "Invalid rate: stage rate needs to say per what time: write it like .20/s. or .1000/min., not 50"
    duration = "1m"
  }
  stage "negative" {
    rate     = "-5/s" # error: "Invalid rate"
    duration = "1m"
  }
}
scenario "speeds" {
  user_classes = [user_class.a]
  stage "speed" {
    users      = 5
    spawn_rate = -1 # error: "Number out of range: stage spawn_rate"
    duration = "1m"
  }
}
scenario "c1" {
  user_classes = [user_class.a]
  after        = [scenario.c3]
  stage "s" {
    users    = 1
    duration = "1m"
  }
}
scenario "c2" {
  user_classes = [user_class.a]
  after        = [scenario.c1] # error: "Circular order: .* scenario.c1 → scenario.c3 → scenario.c2 → scenario.c1"
  stage "s" {
    users    = 1
    duration = "1m"
  }
}
scenario "c3" {
  user_classes = [user_class.a]
  after        = [scenario.c2, scenario.c9] # error: "Unknown scenario: There is no scenario .c9."
  stage "s" {
    users    = 1
    duration = "1m"
  }
}
