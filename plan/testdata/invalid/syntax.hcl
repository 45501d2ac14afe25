# spelling: hcl
host "api" {
  base_url = = "x" # error: "Invalid expression"
}
