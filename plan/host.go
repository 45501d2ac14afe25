package plan

import (
	"errors"
	"net/netip"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// A Host is a service under test.
type Host struct {
	Name            string
	BaseURL         *url.URL      // http or https, with a host; no query, no fragment
	Timeout         time.Duration // of a request, from its actual start to the last byte
	ConnectTimeout  time.Duration
	Headers         []Field
	HTTP            string       // "1.1", "2" or "auto"
	Connections     int          // shared by all users; 0: one per user
	LocalAddresses  []netip.Addr // of this machine, of one family, that connections are made from in turn; none: the system chooses
	FollowRedirects int          // hops; 0: a redirect is an answer like any other
	Cookies         bool         // keep cookies, per user
	MaxRate         float64      // requests a second over all users; 0: no limit
	TLS             TLS
	Auth            Auth
	DeclRange       hcl.Range
}

// TLS says how a host's certificate is checked and which one is shown to it.
type TLS struct {
	CAFile, CertFile, KeyFile string
	ServerName                string
	InsecureSkipVerify        bool
	Resumption                Resumption // never empty in a plan that was loaded
}

// Resumption is which TLS sessions a new connection may resume.
type Resumption string

const (
	ResumptionUser   Resumption = "user"   // those of the connections that it replaces, as real clients do; so the zero value
	ResumptionShared Resumption = "shared" // those of any connection to the host
	ResumptionOff    Resumption = "off"    // none
)

// Auth is what a host wants to see in the Authorization header. At most one of
// the two is set; both may use run-time names.
type Auth struct {
	Username, Password Expression
	Bearer             Expression
}

// decodeHosts decodes all host blocks.
func (d *decoder) decodeHosts(blocks hcl.Blocks) {
	schema := d.schema.block("host")
	each(blocks, schema.Name, func(hb *hcl.Block) {
		d.instances(hb, "host.", func(name string, free bool) {
			h := &Host{Name: name, DeclRange: hb.DefRange}
			if free {
				d.hosts[name] = h
			}
			d.plan.Hosts = append(d.plan.Hosts, h)
			wanted := d.wanting(func() {
				d.within(h.Address(), func() { d.open(hb, schema).host(h) })
			})
			d.hostWants = append(d.hostWants, hostWants{h, wanted})
		})
	})
}

// Address is the host's name as references write it.
func (h *Host) Address() string { return "host." + h.Name }

func (b *block) host(h *Host) {
	h.BaseURL = b.baseURL()
	h.Timeout, _ = b.span("timeout")
	h.ConnectTimeout, _ = b.span("connect_timeout")
	h.Headers = b.fields("headers", headerFields, requestSpot())
	h.HTTP, _ = b.text("http")
	h.Connections = b.connections()
	h.LocalAddresses = b.localAddresses("local_addresses", h)
	redirects, _ := b.integer("follow_redirects")
	h.FollowRedirects = int(redirects)
	h.Cookies, _ = b.flag("cookies")
	if rate, ok := b.rate("max_rate", false); ok {
		if h.MaxRate = rate; rate == 0 {
			b.fail(b.at("max_rate"), "Invalid rate", "host max_rate must be greater than zero; leave it out for no limit.")
		}
	}
	h.TLS.Resumption = ResumptionUser
	for _, hb := range b.of("tls") {
		h.TLS = b.open(hb, b.schema.block("tls")).tls()
	}
	for _, hb := range b.of("auth") {
		h.Auth = b.open(hb, b.schema.block("auth")).auth()
	}
}

// baseURL reads the address that all requests begin with.
func (b *block) baseURL() *url.URL {
	g, ok := b.get("base_url", cty.String, "a text")
	if !ok {
		return nil
	}
	u, err := parseBaseURL(g.AsString())
	if err != nil {
		shown := g.show()
		if strings.Contains(shown, "@") { // there may be a password before it
			shown = "(not shown)"
		}
		b.refuse(g, "Invalid base_url", "host base_url %s: %s.", shown, err)
		return nil
	}
	return u
}

func parseBaseURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	var parse *url.Error
	switch {
	case errors.As(err, &parse):
		return nil, parse.Err
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New(`it must begin with http:// or https://`)
	case u.Hostname() == "":
		return nil, errors.New("it has no host name")
	case !isASCII(u.Hostname()):
		return nil, errors.New("its host name has letters beyond a to z; write it as DNS has it, beginning with xn--")
	case u.User != nil:
		return nil, errors.New("it has a user name in it; give that in an auth block, so that it is not shown")
	case u.RawQuery != "" || u.ForceQuery:
		return nil, errors.New("it has a query; give that to the requests")
	case u.Fragment != "" || text[len(text)-1] == '#':
		return nil, errors.New("it has a fragment, which is never sent to a server")
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return nil, errors.New("its port is not between 1 and 65535")
		}
	}
	return u, nil
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
}

// connections reads "per_user" (0) or a number shared by all users.
func (b *block) connections() int {
	g, ok := b.get("connections", cty.String, `"per_user" or a number`)
	if !ok || g.AsString() == "per_user" {
		return 0
	}
	a := b.schema.attribute("connections")
	n, err := strconv.Atoi(g.AsString())
	if err != nil || float64(n) < a.Min || float64(n) > a.Max {
		b.refuse(g, "Invalid number of connections", "host connections must be \"per_user\" or a whole number from %s to %s, not %s.", plainNumber(a.Min), plainNumber(a.Max), g.show())
		return 0
	}
	return n
}

func (b *block) tls() TLS {
	t := TLS{CAFile: b.path("ca_file"), CertFile: b.path("cert_file"), KeyFile: b.path("key_file")}
	t.ServerName, _ = b.text("server_name")
	t.InsecureSkipVerify, _ = b.flag("insecure_skip_verify")
	resumption, _ := b.text("session_resumption")
	t.Resumption = Resumption(resumption)
	if b.has("cert_file") != b.has("key_file") && !b.meant("cert_file", "key_file") {
		b.fail(&b.head, "Incomplete certificate", "tls needs both cert_file and key_file, or neither.")
	}
	return t
}

// path reads the name of a file that stays outside the plan: certificates and
// keys. A relative one is below the plan's directory.
func (b *block) path(name string) string {
	file, ok := b.text(name)
	if !ok || file == "" || filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(filepath.FromSlash(b.root), filepath.FromSlash(file))
}

func (b *block) auth() Auth {
	var a Auth
	a.Bearer, _ = b.credential("bearer")
	basic := b.of("basic")
	for _, hb := range basic {
		inner := b.open(hb, b.schema.block("basic"))
		a.Username, _ = inner.credential("username")
		a.Password, _ = inner.credential("password")
	}
	if b.has("bearer") == (len(basic) > 0) && !b.meant("bearer", "basic") {
		b.fail(&b.head, "One way to authenticate", "auth needs one of bearer = … and basic { … }.")
	}
	return a
}

// credential reads a text that becomes part of a header.
func (b *block) credential(name string) (Expression, bool) {
	e, _, ok := b.template(name, requestSpot())
	if !ok {
		return Expression{}, false
	}
	if broken, _ := b.breaksLine(e, requestSpot()); broken {
		b.fail(b.at(name), "Invalid header", "%s has a line break or NUL byte in it.", b.what(name))
		return Expression{}, false
	}
	return e, true
}
