scenario "main" { # error: "Missing argument: scenario needs user_classes" # error: "No stages: scenario main"
}
