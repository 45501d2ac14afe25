package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// maxBody bounds the body of a request, in bytes.
const maxBody = 64 << 10

// An endpoint answers a request, or returns an error that says why not.
type endpoint func(*http.Request) (answer, error)

// An answer is a response whose body is encoded JSON.
type answer struct {
	status   int // 200 where zero
	location string
	body     []byte
}

// encoded answers with v as JSON.
func encoded(v any) (answer, error) {
	body, err := json.Marshal(v)
	return answer{body: body}, err
}

// A problem is an error that is the client's, with the status that says so.
type problem struct {
	status  int
	message string
}

func (p *problem) Error() string { return p.message }

func isProblem(err error) bool { return errors.As(err, new(*problem)) }

// invalid returns a problem with status 400.
func invalid(format string, args ...any) error {
	return &problem{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

// methods are the endpoints of one path. HEAD is answered as GET is; net/http
// leaves the body out.
type methods map[string]endpoint

// ServeHTTP answers with the endpoint of the request's method.
func (m methods) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := r.Method
	if name == http.MethodHead {
		name = http.MethodGet
	}
	do, ok := m[name]
	if !ok {
		w.Header().Set("Allow", m.allowed())
		fail(w, &problem{http.StatusMethodNotAllowed, fmt.Sprintf("%s is not allowed here; use %s", quote(r.Method), m.allowed())})
		return
	}
	if r.ContentLength != 0 {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	}
	a, err := do(r)
	if err != nil {
		fail(w, err)
		return
	}
	send(w, a)
}

func (m methods) allowed() string {
	var names []string
	for name := range m {
		names = append(names, name)
		if name == http.MethodGet {
			names = append(names, http.MethodHead)
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// fail answers with an error. What is not the client's problem is the
// service's: 503 where it may pass, 500 where it should not have happened.
func fail(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	var p *problem
	switch {
	case errors.As(err, &p):
		status = p.status
	case errors.Is(err, errClosed), errors.Is(err, errExhausted),
		errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		status = http.StatusServiceUnavailable
	}
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	body, err := json.Marshal(struct {
		Error string `json:"error"`
	}{err.Error()})
	if err != nil {
		panic(err) // a string always has an encoding
	}
	send(w, answer{status: status, body: body})
}

// send writes an answer. An error of writing means that the client has gone;
// there is nobody left to tell.
func send(w http.ResponseWriter, a answer) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	if a.location != "" {
		h.Set("Location", a.location)
	}
	if a.status != 0 {
		w.WriteHeader(a.status)
	}
	_, _ = w.Write(a.body)
}
