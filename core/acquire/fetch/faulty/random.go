package faulty

import (
	"hash/fnv"
	"math/rand/v2"
)

// chance picks faults. What the n-th request for something meets depends on
// the seed only, not on what else is asked for at the time.
type chance struct {
	seed   uint64
	share  float64
	faults []Fault
}

// Random makes requests that no script awaits meet a fault, by chance: share
// of them, each of Drops, Stalls, Throttles and Lies alike. A share of 0 ends
// it; what was counted begins anew.
func (s *Server) Random(seed uint64, share float64) {
	s.RandomOf(seed, share, Mischief()...)
}

// RandomOf is Random with faults of the caller's choice.
func (s *Server) RandomOf(seed uint64, share float64, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.seen)
	s.chance = nil
	if share > 0 && len(faults) > 0 {
		s.chance = &chance{seed, share, faults}
	}
}

// Mischief returns the faults that Random picks from. None changes a byte
// within a body of the right length: that only a checksum could tell.
func Mischief() []Fault {
	return []Fault{
		// Drops.
		Hangup(), Reset(0), Reset(0.5), Truncate(0), Truncate(0.3), Truncate(0.9),
		// Stalls: they need a client with an idle time-out.
		Mute(), Stall(0), Stall(0.6),
		// Throttles.
		TooMany(""), TooMany("1"), Status(503, "2"), Status(500, ""), Status(502, ""), Status(504, ""), Status(408, ""), Status(425, ""),
		// Lies.
		NotFound(), Page(), Down(), Empty(), LongLength(7), ShortLength(7), WrongRange(), NoContentRange(), OtherTag(), Unsatisfiable(),
		WholeFile(), Loop(), Gzip(0.5), Redirect(302, "https://elsewhere.example/login"), Body("text/plain", []byte("None")),
		// Oddities that do no harm.
		Chunked(), Gzip(1), Hops(3), WrongType("text/plain"),
	}
}

func (c *chance) pick(key string, n int) Fault {
	h := fnv.New64a()
	_, _ = h.Write([]byte(key)) // a hash takes everything
	r := rand.New(rand.NewPCG(c.seed, h.Sum64()+uint64(n)))
	if r.Float64() >= c.share {
		return OK()
	}
	return c.faults[r.IntN(len(c.faults))]
}
