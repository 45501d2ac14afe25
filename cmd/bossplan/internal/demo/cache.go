package demo

import (
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// pageCapacity is how many pages a cache holds besides the single tasks, and
// maxCachedPage, in bytes, which pages are too large to be among them:
// together at most 16 MiB.
const (
	pageCapacity  = 256
	maxCachedPage = 64 << 10
)

// A pageKey names a cached answer over many tasks: a page of a list, or the
// statistics.
type pageKey struct {
	statistics    bool
	status        status
	limit, offset int
}

// A cached page, without what follows its tasks. Pages run by id, so only
// changes up to the last id can touch a page that is full; one that is not
// full ends with the list and is open to all that follow.
type page struct {
	body []byte
	last int64
	open bool
}

// touched reports whether a change may show on the page.
func (p page) touched(k pageKey, c change) bool {
	listed := k.status == anyStatus || k.status == c.from || k.status == c.to
	return listed && (p.open || c.id <= p.last)
}

// A cache keeps answers as they go over the wire, each until a change touches
// it, its time to live is over, or space is needed. It never serves what is
// older than the last publish, so that a client always reads its own writes:
//
//	reader  lookup: miss at generation 7 ── query ── keep(7): refused, 8 by now
//	writer        commit ── publish: drops what the change touches, generation 8
//
// Methods are safe for concurrent use.
type cache struct {
	ttl time.Duration
	now func() time.Time

	mu           sync.Mutex
	generation   uint64 // of the data; every publish begins a new one
	sums         tally  // of this generation
	tasks        *shelf[int64, []byte]
	pages        *shelf[pageKey, page]
	hits, misses int64
	evictions    int64
}

// newCache returns a cache of so many tasks, for a database with this tally.
func newCache(capacity int, ttl time.Duration, sums tally) *cache {
	return &cache{
		ttl: ttl, now: time.Now, sums: sums,
		tasks: newShelf[int64, []byte](capacity),
		pages: newShelf[pageKey, page](pageCapacity),
	}
}

// task looks a task up. Without a hit the generation is for keepTask.
func (c *cache) task(id int64) (body []byte, generation uint64, hit bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	body, hit = c.tasks.get(id, c.now())
	c.looked(hit)
	return body, c.generation, hit
}

// page looks a page up, and the tally that goes with it.
func (c *cache) page(k pageKey) (p page, sums tally, generation uint64, hit bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, hit = c.pages.get(k, c.now())
	c.looked(hit)
	return p, c.sums, c.generation, hit
}

// looked counts a lookup. The lock is held, as in all that follow.
func (c *cache) looked(hit bool) {
	if hit {
		c.hits++
	} else {
		c.misses++
	}
}

// keepTask keeps what was read since the lookup that missed at generation.
func (c *cache) keepTask(generation uint64, id int64, body []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if generation == c.generation {
		c.put(id, body)
	}
}

// keepPage is keepTask for a page.
func (c *cache) keepPage(generation uint64, k pageKey, p page) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if generation == c.generation && len(p.body) <= maxCachedPage {
		c.evicted(c.pages.add(k, p, c.now().Add(c.ttl)))
	}
}

func (c *cache) put(id int64, body []byte) {
	c.evicted(c.tasks.add(id, body, c.now().Add(c.ttl)))
}

func (c *cache) evicted(one bool) {
	if one {
		c.evictions++
	}
}

// A change is what a write did to one task: from no status where it is new, to
// none where it is gone.
type change struct {
	id       int64
	from, to status
	body     []byte // the task as it is now, encoded
}

// publish makes committed changes visible. It must be called before anyone is
// told of them.
func (c *cache) publish(changes []change, sums tally) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation++
	c.sums = sums
	for _, ch := range changes {
		if ch.to == anyStatus {
			c.tasks.remove(ch.id)
		} else {
			c.put(ch.id, ch.body)
		}
	}
	c.pages.removeIf(func(k pageKey, p page) bool {
		for _, ch := range changes {
			if p.touched(k, ch) {
				return true
			}
		}
		return false
	})
}

// cacheStats is what the cache tells of itself. Size counts what is held,
// expired or not; HitRate is a share of 1 and 0 before the first lookup.
type cacheStats struct {
	Hits      int64   `json:"hits"`
	Misses    int64   `json:"misses"`
	HitRate   float64 `json:"hit_rate"`
	Size      int     `json:"size"`
	Capacity  int     `json:"capacity"`
	Evictions int64   `json:"evictions"`
	TTL       float64 `json:"ttl_seconds"`
}

func (c *cache) stats() cacheStats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return cacheStats{
		Hits:      c.hits,
		Misses:    c.misses,
		HitRate:   float64(c.hits) / float64(max(1, c.hits+c.misses)),
		Size:      c.tasks.lru.Len() + c.pages.lru.Len(),
		Capacity:  c.tasks.capacity + c.pages.capacity,
		Evictions: c.evictions,
		TTL:       c.ttl.Seconds(),
	}
}

// A shelf is an LRU whose values expire.
type shelf[K comparable, V any] struct {
	capacity int
	lru      *simplelru.LRU[K, expiring[V]]
}

type expiring[V any] struct {
	value V
	until time.Time
}

// newShelf returns a shelf for at least one value.
func newShelf[K comparable, V any](capacity int) *shelf[K, V] {
	capacity = max(1, capacity)
	lru, err := simplelru.NewLRU[K, expiring[V]](capacity, nil)
	if err != nil {
		panic(err) // only a capacity below 1 is refused
	}
	return &shelf[K, V]{capacity: capacity, lru: lru}
}

func (s *shelf[K, V]) get(k K, now time.Time) (V, bool) {
	e, ok := s.lru.Get(k)
	if ok && !now.Before(e.until) {
		s.lru.Remove(k)
		ok = false
	}
	if !ok {
		var none V
		return none, false
	}
	return e.value, true
}

// add reports whether another value had to make room.
func (s *shelf[K, V]) add(k K, v V, until time.Time) bool {
	return s.lru.Add(k, expiring[V]{v, until})
}

func (s *shelf[K, V]) remove(k K) { s.lru.Remove(k) }

func (s *shelf[K, V]) removeIf(drop func(K, V) bool) {
	for _, k := range s.lru.Keys() {
		if e, ok := s.lru.Peek(k); ok && drop(k, e.value) {
			s.lru.Remove(k)
		}
	}
}
