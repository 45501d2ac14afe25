package plan

func hostSchema() *Block {
	return &Block{Name: "host", Label: "name", Doc: "A service under test.", Attributes: []Attribute{
		{Name: "base_url", Kind: KindText, Required: true, Shown: true, Doc: "Where it is: http or https, a host name, and a path that all requests begin with."},
		{Name: "timeout", Kind: KindDuration, Default: "30s", Doc: "Of a request, from its start to the last byte of its answer."},
		{Name: "connect_timeout", Kind: KindDuration, Default: "10s", Doc: "Of opening a connection."},
		{Name: "headers", Kind: KindFields, Doc: "Sent with every request."},
		{Name: "http", Kind: KindText, Default: "auto", Values: []string{"1.1", "2", "auto"}, Doc: "Version of HTTP."},
		{Name: "connections", Kind: KindSharing, Default: "per_user", Min: 1, Max: 1e6, Doc: "A connection for each user, or a number shared by all; over HTTP/2 each of these carries as many requests at a time as the host allows."},
		{Name: "local_addresses", Kind: KindLines, Doc: "Addresses of this machine that connections are made from, in turn; one gives no more than about 28,000 connections to one address."},
		{Name: "follow_redirects", Kind: KindInteger, Default: "0", Max: 100, Doc: "How many redirects to follow; with none a redirect is an answer like any other."},
		{Name: "cookies", Kind: KindBool, Default: "true", Doc: "Keep cookies, per user."},
		{Name: "max_rate", Kind: KindRate, Doc: "Requests over all users are held back to this rate."},
	}, Blocks: []*Block{
		{Name: "tls", Single: true, Doc: "How certificates are checked and shown.", Attributes: []Attribute{
			{Name: "ca_file", Kind: KindText, Doc: "PEM file of the authorities that are trusted."},
			{Name: "cert_file", Kind: KindText, Doc: "PEM file of the certificate that is shown to the host."},
			{Name: "key_file", Kind: KindText, Doc: "PEM file of its key."},
			{Name: "server_name", Kind: KindText, Doc: "Name that the host's certificate must have."},
			{Name: "insecure_skip_verify", Kind: KindBool, Default: "false", Doc: "Accept any certificate."},
			{Name: "session_resumption", Kind: KindText, Default: "user", Values: []string{"user", "shared", "off"}, Doc: "Which TLS sessions a new connection resumes: those of its own user, those of all, or none, so that each handshake is a full one."},
		}},
		{Name: "auth", Single: true, Doc: "What goes into the Authorization header.", Attributes: []Attribute{
			{Name: "bearer", Kind: KindTemplate, Doc: "A bearer token."},
		}, Blocks: []*Block{
			{Name: "basic", Single: true, Doc: "A user name and a password.", Attributes: []Attribute{
				{Name: "username", Kind: KindTemplate, Required: true, Doc: "The user name."},
				{Name: "password", Kind: KindTemplate, Required: true, Doc: "The password."},
			}},
		}},
	}}
}

func dataSchema() *Block {
	return &Block{Name: "data", Label: "name", Doc: "Rows that users draw from, as row.NAME.COLUMN or pick(data.NAME).", Attributes: []Attribute{
		{Name: "csv", Kind: KindFile, Doc: "A file of comma-separated values whose first line names the columns."},
		{Name: "json", Kind: KindFile, Doc: "A file with a JSON list of plain values, or of objects."},
		{Name: "host", Kind: KindReference, Doc: "Or the service that is asked for the rows, once, before the first stage."},
		{Name: "path", Kind: KindText, Doc: "What it is asked for; begins with a slash."},
		{Name: "values", Kind: KindRows, Doc: "The rows, from its answer: response.json.tasks[*].id."},
		{Name: "order", Kind: KindText, Default: "sequential", Values: []string{"sequential", "shuffle", "random"}, Doc: "In which order iterations take rows; random draws anew each time."},
		{Name: "on_end", Kind: KindText, Default: "recycle", Values: []string{"recycle", "stop_user", "fail"}, Doc: "When all have been taken: begin again, stop the user that needs one, or fail its request."},
	}}
}

func userClassSchema() *Block {
	return &Block{Name: "user_class", Label: "name", Doc: "A kind of user.", Attributes: []Attribute{
		{Name: "host", Kind: KindReference, Required: true, Doc: "The service its requests go to."},
		{Name: "weight", Kind: KindNumber, Max: 1e9, Doc: "Its share among the classes of a scenario."},
		{Name: "fixed_count", Kind: KindInteger, Min: 1, Max: 1e7, Doc: "So many users of this class, whatever the level."},
		{Name: "wait", Kind: KindWait, Doc: "The pause between two requests of a user; none without it."},
		{Name: "headers", Kind: KindFields, Doc: "Sent with each of its requests."},
		{Name: "tags", Kind: KindTexts, Shown: true, Doc: "For your own use in reports."},
		{Name: "mix", Kind: KindText, Default: "exact", Values: []string{"exact", "random"}, Doc: "How a user chooses its next request."},
	}, Blocks: []*Block{
		requestSchema("One weighted HTTP request.", weight("Its share among the choices of the class.")),
		{Name: "flow", Label: "name", Doc: "Requests in order, as one weighted choice.", Attributes: []Attribute{
			weight("Its share among the choices of the class."),
			onFailure("the iteration ends there"),
		}, Blocks: []*Block{requestSchema("A step of the flow.", stepAttributes()...)}},
		{Name: "on_start", Single: true, Doc: "What a user does once, before its first iteration; never counted in thresholds or totals.", Attributes: []Attribute{
			onFailure("the user tries again after a pause"),
		}, Blocks: []*Block{requestSchema("A step of it.", stepAttributes()...)}},
		{Name: "on_stop", Single: true, Doc: "What a user does once, after its last iteration; never counted in thresholds or totals.", Attributes: []Attribute{
			onFailure("the rest is left out"),
		}, Blocks: []*Block{requestSchema("A step of it.", stepAttributes()...)}},
	}}
}

func weight(doc string) Attribute {
	return Attribute{Name: "weight", Kind: KindNumber, Default: "1", Max: 1e9, Doc: doc}
}

func onFailure(meaning string) Attribute {
	return Attribute{Name: "on_failure", Kind: KindText, Default: "stop", Values: []string{"stop", "continue"}, Doc: "When one of its requests failed: with stop " + meaning + "."}
}

// stepAttributes are what a request may say inside a flow.
func stepAttributes() []Attribute {
	return []Attribute{
		{Name: "wait", Kind: KindWait, Doc: "The pause before the request; none without it."},
		{Name: "when", Kind: KindVerdict, Doc: "Where it is false the request is passed over."},
		{Name: "repeat", Kind: KindTimes, Default: "1", Max: 1e6, Doc: "How often it is sent in a row, its wait before each."},
	}
}

// requestSchema is the request block with what it may say where it stands.
func requestSchema(doc string, also ...Attribute) *Block {
	return &Block{Name: "request", Label: "name", Doc: doc, Attributes: append(also, []Attribute{
		{Name: "method", Kind: KindText, Default: "GET", Doc: "The HTTP method."},
		{Name: "path", Kind: KindTemplate, Required: true, Doc: "Appended to the host's base_url; begins with a slash."},
		{Name: "query", Kind: KindFields, Doc: "Parameters of the query."},
		{Name: "headers", Kind: KindFields, Doc: "Sent with the request; null removes one of the host or class."},
		{Name: "body", Kind: KindTemplate, Doc: "What is sent, as it is."},
		{Name: "json", Kind: KindJSON, Doc: "What is sent, written as JSON."},
		{Name: "form", Kind: KindFields, Doc: "What is sent, as fields of a form."},
		{Name: "multipart", Kind: KindParts, Doc: `What is sent, as multipart/form-data: each field a text, or { file = "./logo.png", filename = …, content_type = … }, or { value = …, content_type = … }.`},
		{Name: "body_file", Kind: KindFile, Doc: "What is sent: the bytes of a file."},
		{Name: "expect_status", Kind: KindStatuses, Doc: `Status codes that are no failure; ["200-399"] without it.`},
		{Name: "timeout", Kind: KindDuration, Doc: "The host's without it."},
		{Name: "name", Kind: KindText, Shown: true, Doc: "The row it is counted under; its label without it."},
		{Name: "tags", Kind: KindTexts, Shown: true, Doc: "For your own use in reports."},
	}...), Blocks: []*Block{
		{Name: "check", Label: "name", FreeLabel: true, Doc: "A condition that the answer must meet, or the request failed. Its label may be any text in one line.", Attributes: []Attribute{
			{Name: "condition", Kind: KindVerdict, Required: true, Doc: `Made from the answer: response.json.status == "ok".`},
		}},
		{Name: "capture", Label: "name", Doc: "Keeps a value of the answer for the user's later requests, as vars.NAME.", Attributes: []Attribute{
			{Name: "value", Kind: KindCapture, Required: true, Doc: "Taken from the answer: response.json.id. Where there is none, or null, the request failed."},
		}},
	}}
}

func scenarioSchema() *Block {
	return &Block{Name: "scenario", Label: "name", Doc: "A workload: who, in which stages, after what.", Attributes: []Attribute{
		{Name: "user_classes", Kind: KindReferences, Required: true, Doc: "The kinds of users in it."},
		{Name: "after", Kind: KindReferences, Doc: "Scenarios that must have ended before it starts."},
		{Name: "start_delay", Kind: KindDuration, Default: "0s", Doc: "Before its first stage."},
		{Name: "graceful_stop", Kind: KindDuration, Default: "30s", Doc: "For requests in flight at its end."},
		{Name: "on_late", Kind: KindText, Default: "queue", Values: []string{"queue", "drop"}, Doc: "Open model: what happens to an iteration that is due while max_in_flight are running."},
		{Name: "max_in_flight", Kind: KindInteger, Default: "1000", Min: 1, Max: 1e6, Doc: "Open model: iterations at the same time."},
	}, Blocks: []*Block{
		{Name: "stage", Label: "name", Doc: "A level and how long it is held.", Attributes: []Attribute{
			{Name: "users", Kind: KindInteger, Max: 1e7, Doc: "Closed model: the number of users to reach."},
			{Name: "rate", Kind: KindRate, Doc: "Open model: the iterations a second to reach."},
			{Name: "spawn_rate", Kind: KindSpeed, Doc: "Closed model: users a second on the way there."},
			{Name: "ramp", Kind: KindDuration, Doc: "Time in which the level is reached; at once without it."},
			{Name: "arrivals", Kind: KindText, Default: "poisson", Values: []string{"poisson", "even"}, Doc: "Open model: how iterations are spaced."},
			{Name: "duration", Kind: KindDuration, Required: true, Doc: "Of the whole stage, ramp included."},
			{Name: "iterations", Kind: KindInteger, Min: 1, Max: 1e15, Doc: "The stage ends after so many; duration is then its limit."},
			{Name: "warmup", Kind: KindBool, Default: "false", Doc: "Keep the stage out of all that is judged."},
		}},
	}}
}

func thresholdSchema() *Block {
	return &Block{Name: "threshold", Label: "name", Doc: "An assertion about a metric.", Attributes: []Attribute{
		{Name: "metric", Kind: KindMetric, Required: true, Doc: "What is judged."},
		{Name: "target", Kind: KindBound, Required: true, Shown: true, Doc: "What is wanted; missing it is a warning."},
		{Name: "critical", Kind: KindBound, Shown: true, Doc: "What is needed; missing it is a failure."},
		{Name: "of", Kind: KindReference, Doc: "Only this scenario, user class or request."},
		{Name: "outcome", Kind: KindText, Default: "ok", Values: []string{"ok", "failed", "any"}, Doc: "Time metrics: which requests are looked at."},
		{Name: "stages", Kind: KindReferences, Doc: "Only these stages."},
		{Name: "per", Kind: KindText, Values: []string{"request"}, Doc: "The bound must hold for each request; the worst is shown."},
		{Name: "window", Kind: KindDuration, Doc: "The bound must hold in every window of whole seconds; the worst is shown."},
		{Name: "min_samples", Kind: KindInteger, Default: "1", Min: 1, Max: 1e15, Doc: "With fewer there is no verdict."},
	}, Blocks: []*Block{
		{Name: "abort", Single: true, Doc: "Stops the run where the bound stays broken.", Attributes: []Attribute{
			{Name: "for", Kind: KindDuration, Required: true, Doc: "How long it must have been broken without a break."},
			{Name: "window", Kind: KindDuration, Default: "10s", Doc: "The time that is looked back on, in whole seconds."},
		}},
	}}
}

func probeSchema() *Block {
	reading := []Attribute{{Name: "value", Kind: KindReading, Required: true, Doc: "A number, read from the answer: response.json.hits."}}
	return &Block{Name: "probe", Label: "name", Doc: "A figure of the server, sampled beside the load and never counted in it.", Attributes: []Attribute{
		{Name: "kind", Kind: KindText, Default: "http", Values: []string{"http"}, Doc: "How it is read."},
		{Name: "host", Kind: KindReference, Required: true, Doc: "The service that is asked."},
		{Name: "path", Kind: KindText, Required: true, Doc: "Appended to the host's base_url; begins with a slash."},
		{Name: "method", Kind: KindText, Default: "GET", Doc: "The HTTP method."},
		{Name: "headers", Kind: KindTexts, Doc: "Sent with the request, besides the host's."},
		{Name: "timeout", Kind: KindDuration, Doc: "The host's without it."},
		{Name: "expect_status", Kind: KindStatuses, Doc: `Status codes of an answer that can be read; ["200-399"] without it.`},
		{Name: "interval", Kind: KindDuration, Default: "5s", Doc: "From one sample to the next."},
	}, Blocks: []*Block{
		{Name: "gauge", Label: "name", Doc: "A figure that goes up and down.", Attributes: reading},
		{Name: "counter", Label: "name", Doc: "A figure that only grows, judged by its increase.", Attributes: reading},
	}}
}

func guardSchema() *Block {
	return &Block{Name: "guard", Label: "name", Doc: "What protects a target from being loaded by mistake.", Attributes: []Attribute{
		{Name: "hosts", Kind: KindLines, Required: true, Doc: `Patterns of the targets: "*.example.org", "10.0.0.0/8"; matched on names and on resolved addresses.`},
		{Name: "window", Kind: KindWindow, Doc: `When a run may start: "02:00-05:00 UTC".`},
		{Name: "acknowledge", Kind: KindLines, Doc: "Lines that must be given with --ack."},
		{Name: "max_users", Kind: KindInteger, Min: 1, Max: 1e7, Doc: "Users at the same time, at most."},
		{Name: "max_rate", Kind: KindRate, Doc: "Requests, at most, that the plan may ask of the target."},
	}, Blocks: []*Block{
		{Name: "abort", Single: true, Doc: "Stops the run where a bound stays broken.", Attributes: []Attribute{
			{Name: "metric", Kind: KindMetric, Required: true, Doc: "What is watched."},
			{Name: "bound", Kind: KindBound, Required: true, Shown: true, Doc: "What stops the run when it holds: \"> 20%\"."},
			{Name: "for", Kind: KindDuration, Required: true, Doc: "How long it must have held without a break."},
			{Name: "window", Kind: KindDuration, Default: "10s", Doc: "The time that is looked back on, in whole seconds."},
		}},
	}}
}

func reportSchema() *Block {
	return &Block{
		Name: "report", Label: "kind", Labels: []string{"html", "csv", "json", "junit", "markdown", "hlog"},
		Doc: "An artefact to write, inside the run's directory.",
		Attributes: []Attribute{
			{Name: "path", Kind: KindText, Shown: true, Doc: "Its file; for csv what its files' names begin with."},
		},
	}
}
