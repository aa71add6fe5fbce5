package session

import (
	"fmt"
	"strings"
)

// maxSearch bounds how many tasks are visited to rule out a cycle.
const maxSearch = 100_000

// search looks for a cycle: depth first over "must end before", which leads
// from a task to its dependants and to the group it stands in.
type search struct {
	o     *op
	most  int             // how many tasks it visits
	state map[string]byte // onPath, then done
	path  []string
}

const (
	onPath = 1
	done   = 2
)

// step is a task on the path and what is still to visit behind it.
type step struct{ next []string }

// acyclic makes sure that new dependencies close no circle. Each circle would
// hold one of them, so that it is enough to begin at their targets. It refuses
// when it would have to visit more tasks than most.
func (o *op) acyclic(deps []Dependency, most int) error {
	s := search{o: o, most: most, state: map[string]byte{}}
	for i := range deps {
		cycle, err := s.from(deps[i].Target)
		if err != nil {
			return err
		}
		if cycle != nil {
			return o.refuse("dependency "+deps[i].Source+">"+deps[i].Target,
				"its tasks would wait for each other: "+circle(cycle))
		}
		if len(s.state) > s.most {
			return o.refuse("dependency "+deps[i].Source+">"+deps[i].Target,
				fmt.Sprintf("more than %d tasks hang on its target; add what they wait for before them", most))
		}
	}
	return nil
}

// from visits what follows a task and returns a cycle, if there is one.
func (s *search) from(id string) ([]string, error) {
	if s.state[id] == done {
		return nil, nil
	}
	var stack []step
	push := func(id string) error {
		next, err := s.followers(id)
		s.state[id] = onPath
		s.path = append(s.path, id)
		stack = append(stack, step{next})
		return err
	}
	if err := push(id); err != nil {
		return nil, err
	}
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if len(top.next) == 0 {
			s.state[s.path[len(s.path)-1]] = done
			s.path, stack = s.path[:len(s.path)-1], stack[:len(stack)-1]
			continue
		}
		id := top.next[0]
		top.next = top.next[1:]
		switch {
		case s.state[id] == onPath:
			for i, p := range s.path {
				if p == id {
					return append(s.path[i:], id), nil
				}
			}
		case s.state[id] == done:
		case len(s.state) > s.most:
			return nil, nil // the caller refuses
		default:
			if err := push(id); err != nil {
				return nil, err
			}
		}
	}
	return nil, nil
}

// followers returns what cannot end before a task. What has completed never
// runs again and is left out.
func (s *search) followers(id string) ([]string, error) {
	t, err := s.o.task(id)
	if err != nil || t.Status == Completed && !t.Group {
		return nil, err
	}
	var next []string
	if t.Awaited != 0 {
		err = s.o.eachFrom(id, func(d *Dependency) error {
			if len(next) <= s.most { // more are refused anyway
				next = append(next, d.Target)
			}
			return nil
		})
	}
	if t.Parent != "" {
		next = append(next, t.Parent)
	}
	return next, err
}

// circle writes a cycle for people.
func circle(ids []string) string {
	const most = 8
	if len(ids) > most {
		ids = append(append(ids[:most-2:most-2], fmt.Sprintf("(%d more)", len(ids)-most+1)), ids[len(ids)-1])
	}
	return strings.Join(ids, " → ")
}
