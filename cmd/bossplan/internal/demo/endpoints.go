package demo

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Sizes of a page.
const (
	defaultLimit = 20
	maxLimit     = 200
)

// routes maps the paths to their endpoints.
func (s *Service) routes() http.Handler {
	mux := http.NewServeMux()
	for path, m := range map[string]methods{
		"/api/tasks":             {"GET": s.list, "POST": s.create},
		"/api/tasks/{id}":        {"GET": s.get},
		"/api/tasks/{id}/status": {"PUT": s.move},
		"/api/statistics":        {"GET": s.statistics},
		"/api/admin/pool-status": {"GET": s.poolStatus},
		"/api/admin/cache/stats": {"GET": s.cacheStats},
		"/health":                {"GET": s.health},
	} {
		mux.Handle(path, m)
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fail(w, &problem{http.StatusNotFound, "there is nothing at " + quote(r.URL.Path)})
	})
	return mux
}

// list answers with a page of tasks in the order of their ids, oldest first, so
// that paging through them skips and repeats nothing while others are created.
func (s *Service) list(r *http.Request) (answer, error) {
	k, err := parsePage(r.URL.RawQuery)
	if err != nil {
		return answer{}, err
	}
	p, sums, generation, hit := s.cache.page(k)
	if !hit {
		if p, sums, err = s.readPage(r, k); err != nil {
			return answer{}, err
		}
		s.cache.keepPage(generation, k, p)
	}
	body := make([]byte, 0, len(p.body)+48)
	body = append(body, p.body...)
	body = append(body, `,"total":`...)
	body = strconv.AppendInt(body, int64(sums.total(k.status)), 10)
	body = append(body, `,"limit":`...)
	body = strconv.AppendInt(body, int64(k.limit), 10)
	return answer{body: append(body, '}')}, nil
}

// readPage reads a page and the tally of the same moment from the database. The
// total is left out of what is cached: it changes more often than a page does.
func (s *Service) readPage(r *http.Request, k pageKey) (p page, sums tally, err error) {
	var tasks []task
	err = s.pool.with(r.Context(), func(c *conn) error {
		tasks, sums, err = c.page(k)
		return err
	})
	if err != nil {
		return page{}, tally{}, err
	}
	if len(tasks) > 0 {
		p.last = tasks[len(tasks)-1].ID
	} else {
		tasks = []task{} // [] and not null
	}
	rows, err := json.Marshal(tasks)
	p.body = append([]byte(`{"tasks":`), rows...)
	p.open = len(tasks) < k.limit
	return p, sums, err
}

// parsePage reads the query of a list. An empty parameter counts as absent.
func parsePage(query string) (pageKey, error) {
	k := pageKey{limit: defaultLimit}
	if query == "" {
		return k, nil
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return k, invalid("the query is not well formed: %v", err)
	}
	if name := values.Get("status"); name != "" {
		if k.status, err = parseStatus(name); err != nil {
			return k, err
		}
	}
	if k.limit, err = parseWhole(values, "limit", defaultLimit, 1, maxLimit); err != nil {
		return k, err
	}
	k.offset, err = parseWhole(values, "offset", 0, 0, math.MaxInt32)
	return k, err
}

func parseWhole(values url.Values, name string, absent, least, most int) (int, error) {
	text := values.Get(name)
	if text == "" {
		return absent, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return absent, invalid("%s must be a whole number from %d to %d, not %s", name, least, most, quote(text))
	}
	return n, nil
}

// get answers with one task.
func (s *Service) get(r *http.Request) (answer, error) {
	id, err := parseID(r)
	if err != nil {
		return answer{}, err
	}
	body, generation, hit := s.cache.task(id)
	if hit {
		return answer{body: body}, nil
	}
	var t task
	err = s.pool.with(r.Context(), func(c *conn) error {
		t, err = c.existing(id)
		return err
	})
	if err != nil {
		return answer{}, err
	}
	if body, err = t.encode(); err != nil {
		return answer{}, err
	}
	s.cache.keepTask(generation, id, body)
	return answer{body: body}, nil
}

// existing is task with a problem in place of sql.ErrNoRows.
func (c *conn) existing(id int64) (task, error) {
	t, err := c.task(id)
	if errors.Is(err, sql.ErrNoRows) {
		err = unknownTask(strconv.FormatInt(id, 10))
	}
	return t, err
}

func unknownTask(id string) error {
	return &problem{http.StatusNotFound, "there is no task " + quote(id)}
}

func parseID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id < 1 {
		return 0, unknownTask(r.PathValue("id"))
	}
	return id, nil
}

// create makes a task of the request's body.
func (s *Service) create(r *http.Request) (answer, error) {
	var d draft
	if err := decode(r, &d); err != nil {
		return answer{}, err
	}
	t, err := d.task()
	if err != nil {
		return answer{}, err
	}
	ch, err := s.writer.do(r.Context(), func(c *conn) (change, error) { return c.create(t, time.Now()) })
	return answer{
		status:   http.StatusCreated,
		location: fmt.Sprintf("/api/tasks/%d", ch.id),
		body:     ch.body,
	}, err
}

// move gives a task the status in the request's body.
func (s *Service) move(r *http.Request) (answer, error) {
	id, err := parseID(r)
	if err != nil {
		return answer{}, err
	}
	var wish struct {
		Status string `json:"status"`
	}
	if err := decode(r, &wish); err != nil {
		return answer{}, err
	}
	to, err := parseStatus(wish.Status)
	if err != nil {
		return answer{}, err
	}
	ch, err := s.writer.do(r.Context(), func(c *conn) (change, error) { return c.move(id, to, time.Now()) })
	return answer{body: ch.body}, err
}

// decode reads the JSON object in a request's body. Members that it does not
// know are ignored.
func decode(r *http.Request, into any) error {
	body, err := io.ReadAll(r.Body)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return &problem{http.StatusRequestEntityTooLarge, fmt.Sprintf("the body is longer than %d bytes", large.Limit)}
	case err != nil:
		return invalid("the body could not be read: %v", err)
	case len(body) == 0:
		return invalid("the body is empty; send a JSON object")
	}
	var mistyped *json.UnmarshalTypeError
	switch err := json.Unmarshal(body, into); {
	case errors.As(err, &mistyped) && mistyped.Field != "":
		return invalid("%s must be a %s, not a JSON %s", mistyped.Field, mistyped.Type, mistyped.Value)
	case errors.As(err, &mistyped):
		return invalid("the body must be a JSON object, not a JSON %s", mistyped.Value)
	case err != nil:
		return invalid("the body is not valid JSON: %v", err)
	}
	return nil
}

// statistics answers with the counts of all tasks.
func (s *Service) statistics(r *http.Request) (answer, error) {
	k := pageKey{statistics: true}
	p, _, generation, hit := s.cache.page(k)
	if hit {
		return answer{body: p.body}, nil
	}
	var sums tally
	err := s.pool.with(r.Context(), func(c *conn) (err error) {
		sums, err = c.tally()
		return err
	})
	if err != nil {
		return answer{}, err
	}
	a, err := encoded(summarise(sums))
	s.cache.keepPage(generation, k, page{body: a.body, open: true})
	return a, err
}

// A summary is a tally as the API shows it. CompletionRate is a share of 1.
type summary struct {
	Total    int `json:"total"`
	ByStatus struct {
		Pending    int `json:"pending"`
		InProgress int `json:"in_progress"`
		Completed  int `json:"completed"`
	} `json:"by_status"`
	ByPriority struct {
		Low    int `json:"low"`
		Medium int `json:"medium"`
		High   int `json:"high"`
	} `json:"by_priority"`
	CompletionRate float64 `json:"completion_rate"`
}

func summarise(sums tally) summary {
	var v summary
	v.Total = sums.total(anyStatus)
	v.ByStatus.Pending = sums.total(pending)
	v.ByStatus.InProgress = sums.total(inProgress)
	v.ByStatus.Completed = sums.total(completed)
	for _, of := range sums {
		v.ByPriority.Low += of[low]
		v.ByPriority.Medium += of[medium]
		v.ByPriority.High += of[high]
	}
	v.CompletionRate = float64(v.ByStatus.Completed) / float64(max(1, v.Total))
	return v
}

// health asks the database for a sign of life.
func (s *Service) health(r *http.Request) (answer, error) {
	if err := s.pool.with(r.Context(), (*conn).alive); err != nil {
		return answer{}, &problem{http.StatusServiceUnavailable, "the database does not answer: " + err.Error()}
	}
	return encoded(struct {
		Status  string  `json:"status"`
		Version string  `json:"version"`
		Uptime  float64 `json:"uptime_seconds"`
	}{"ok", s.version, math.Round(time.Since(s.started).Seconds()*1e3) / 1e3})
}

func (s *Service) poolStatus(*http.Request) (answer, error) { return encoded(s.pool.status()) }

func (s *Service) cacheStats(*http.Request) (answer, error) { return encoded(s.cache.stats()) }
