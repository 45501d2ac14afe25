# spelling: hcl
host "api" {
  base_url = = "x" # error: "Value is missing: A value is wanted here"
}
