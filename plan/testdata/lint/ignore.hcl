# Comments that silence a warning, and some that cannot.
host "api" { base_url = "http://127.0.0.1:1" }
host "a" { base_url = "http://127.0.0.1:2" } # bossplan:ignore host-never-used
host "b" { base_url = "http://127.0.0.1:2" } // bossplan:ignore no-wait, host-never-used because it is there
host "c" { base_url = "http://127.0.0.1:2" } /* bossplan:ignore host-never-used */
# bossplan:ignore host-never-used
# bossplan:ignore no-wait
host "d" { base_url = "http://127.0.0.1:2" }
host "e" { base_url = "http://127.0.0.1:2" } # bossplan:ignore no-wait # warning: "Host is never used: .*host.e"
host "f" { base_url = "http://127.0.0.1:2" } # not bossplan:ignore host-never-used # warning: "Host is never used: .*host.f"
host "g" { base_url = "http://127.0.0.1:2" } # bossplan:ignore host-never-use # warning: "Unknown warning: There is no warning .host-never-use., so nothing is silenced. Did you mean host-never-used" # warning: "Host is never used: .*host.g"
# bossplan:ignore host-never-used

host "h" { base_url = "http://127.0.0.1:2" } # warning: "Host is never used: .*host.h"
user_class "member" {
  host = host.api /* bossplan:ignore */ # warning: "Unknown warning: Name the warning after"
  wait = constant("1s")
  request "get" { path = "/%23bossplan:ignore" }
}
scenario "main" {
  user_classes = [user_class.member]
  stage "one" {
    users    = 10
    duration = "10s"
  }
}
