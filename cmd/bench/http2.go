package main

import (
	"fmt"
	"strings"
	"time"

	"bossplan/cmd/bench/internal/target"
)

const http2Preface = `## HTTP/2 and TLS

As above, 64 connections with one request each at a time and %DURING% a run, but the
server is Go's net/http, which costs more than any client: requests a second are the
server's, CPU time is the client's. No target was set for these.
`

// http2 compares what TLS and HTTP/2 cost.
func http2(l *lab) (string, error) {
	cert, key, err := certificate(l.dir)
	if err != nil {
		return "", err
	}
	during := l.during(3 * time.Second)
	var b strings.Builder
	b.WriteString(strings.ReplaceAll(http2Preface, "%DURING%", during.String()))
	for _, part := range []struct {
		title, scheme, protocol string
		options                 target.Options
		peers                   []contender
	}{
		{"HTTP/1.1 over TLS", "https", "1.1", target.Options{TLS: true, Cert: cert, Key: key}, []contender{
			{name: "wrk", program: "wrk", command: wrk}, {name: "h2load", program: "h2load", command: h2load}, {name: "k6", program: "k6", command: k6},
		}},
		{"HTTP/2 over TLS", "https", "2", target.Options{TLS: true, HTTP2: true, Cert: cert, Key: key}, []contender{
			{name: "h2load", program: "h2load", command: h2load}, {name: "k6", program: "k6", command: k6},
		}},
		{"HTTP/2 without TLS", "http", "2", target.Options{HTTP2: true}, []contender{
			{name: "h2load", program: "h2load", command: h2load},
		}},
	} {
		text, err := l.part(part.options, append([]contender{{name: "bossplan", command: bossplanClosed("auto")}}, part.peers...),
			load{url: part.scheme + "://", protocol: part.protocol, connections: 64, during: during})
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "\n### %s\n\n%s", part.title, text)
	}
	b.WriteString("\n" + l.place())
	return b.String(), nil
}

// part compares clients at one kind of server.
func (l *lab) part(o target.Options, contenders []contender, d load) (string, error) {
	s, err := l.serve(o)
	if err != nil {
		return "", err
	}
	defer s.stop()
	d.url, d.address = d.url+s.address, s.address
	all, without, err := l.compare(contenders, s, min(l.rounds, 4), func() load { return d })
	if err != nil {
		return "", err
	}
	return costTable(contenders, all, without, "bossplan").String() + "\n" + l.commands(contenders, d), nil
}
