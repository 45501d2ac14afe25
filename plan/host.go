package plan

import (
	"net/url"
	"time"

	"github.com/hashicorp/hcl/v2"
)

// A Host is a service under test.
type Host struct {
	Name            string
	BaseURL         *url.URL      // http or https, with a host; no query, no fragment
	Timeout         time.Duration // of a request, from its actual start to the last byte
	ConnectTimeout  time.Duration
	Headers         []Field
	HTTP            string  // "1.1", "2" or "auto"
	Connections     int     // shared by all users; 0: one per user
	FollowRedirects int     // hops; 0: a redirect is an answer like any other
	Cookies         bool    // keep cookies, per user
	MaxRate         float64 // requests a second over all users; 0: no limit
	TLS             TLS
	Auth            Auth
	DeclRange       hcl.Range
}

// TLS says how a host's certificate is checked and which one is shown to it.
type TLS struct {
	CAFile, CertFile, KeyFile string
	ServerName                string
	InsecureSkipVerify        bool
}

// Auth is what a host wants to see in the Authorization header. At most one of
// the two is set; both may use run-time names.
type Auth struct {
	Username, Password Expression
	Bearer             Expression
}
