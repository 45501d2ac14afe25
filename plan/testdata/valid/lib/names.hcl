# A library: imported twice by way of two files.
import { source = "deeper.hcl" }
variable "region" {
  type = string
  validation {
    condition     = startswith(var.region, "eu")
    error_message = "region must be European."
  }
}
