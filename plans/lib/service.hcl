# Where Boss Workflow is. LOAD_TEST_HOST, the variable that CI already sets,
# says which one; without it the local server is meant.

variable "base_url" {
  type        = string
  default     = "http://localhost:8000"
  env         = "LOAD_TEST_HOST"
  description = "The service under test."
}

variable "api_token" {
  type        = string
  default     = ""
  sensitive   = true
  description = "Sent as a bearer token if not empty. Assumption: the guide shows no authentication."
}

variable "task_ids" {
  type        = number
  default     = 1000
  description = "Tasks 1 to this number are read and updated. Assumption: ids are consecutive, as in a seeded database."
}

host "api" {
  base_url = var.base_url
  timeout  = "30s"
  headers  = { Authorization = var.api_token == "" ? null : "Bearer ${var.api_token}" }
}
