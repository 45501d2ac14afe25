package wire

import "net/http"

// cookieJar is created by the first cookie that arrives: most services set
// none, and ten thousand users should not pay for ten thousand jars.
type cookieJar struct{ http.CookieJar }
