package tree

import (
	"fmt"
	"slices"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Finding is something about the tree that is not as it should be.
type Finding struct {
	ID     string // of the node; "" if it is about the undo journal
	What   string // for people
	Repair string // what Repair does about it
}

// Check reads the whole tree and tells what is wrong: nodes that hang on
// nothing, on a shape or in a ring, names that are not allowed or not unique,
// steps of the undo journal that are about no node.
func Check(tx *kv.Tx, found func(Finding)) error {
	s, err := survey(tx)
	if err != nil {
		return fmt.Errorf("check the tree: %w", err)
	}
	for _, id := range s.order {
		if problem, repair := s.problem(id); problem != "" {
			found(Finding{ID: id, What: fmt.Sprintf("%s: %s", quote(s.nodes[id].Name), problem), Repair: repair})
		}
	}
	for ch, err := range Changes().All(tx, nil) {
		if err != nil {
			return fmt.Errorf("check the undo journal: %w", err)
		}
		if _, there := s.nodes[ch.ID]; ch.Before != nil && !there {
			found(Finding{What: fmt.Sprintf("step %d of the undo journal is about a node that is not there", ch.Seq), Repair: "drop the undo journal"})
		}
	}
	return nil
}

// Repair makes what Check finds right, and returns how many nodes it changed:
// a node that hangs on nothing goes to the top, one whose name cannot stay gets
// another. The undo journal does not fit any more then, and is dropped.
func (t *Tree) Repair(tx *kv.Tx) (int, error) {
	wrong := 0
	if err := Check(tx, func(Finding) { wrong++ }); err != nil || wrong == 0 {
		return 0, err
	}
	s, err := survey(tx)
	if err != nil {
		return 0, fmt.Errorf("repair the tree: %w", err)
	}
	c := t.begin(tx)
	for _, id := range s.order {
		if err := s.mend(c, id); err != nil {
			return 0, fmt.Errorf("repair %s: %w", quote(s.nodes[id].Name), err)
		}
	}
	steps, err := allSteps(tx)
	if err != nil {
		return 0, err
	}
	for _, step := range steps {
		if err := dropStep(tx, step.Seq); err != nil {
			return 0, err
		}
	}
	return len(c.changes), nil
}

// atlas is the whole tree in memory.
type atlas struct {
	nodes map[string]Node
	order []string // ids, ascending
	lost  map[string]string
	first map[string]string // by parent and folded name: the node that keeps it
}

func survey(tx *kv.Tx) (*atlas, error) {
	s := &atlas{nodes: map[string]Node{}, lost: map[string]string{}, first: map[string]string{}}
	for n, err := range Nodes().All(tx, nil) {
		if err != nil {
			return nil, err
		}
		s.nodes[n.ID] = n
		s.order = append(s.order, n.ID)
	}
	slices.Sort(s.order)
	for _, id := range s.order {
		if why := s.strays(id); why != "" {
			s.lost[id] = why
		}
	}
	for _, id := range s.order {
		n := s.nodes[id]
		key := s.spot(&n)
		if _, taken := s.first[key]; !taken && key != "" {
			s.first[key] = id
		}
	}
	return s, nil
}

// spot names the place that only one node may have; "" if any number may.
func (s *atlas) spot(n *Node) string {
	if n.Parent == Trash || n.Parent == Undone || s.lost[n.ID] != "" {
		return ""
	}
	return spotOf(n.Parent, n.Name)
}

// spotOf names a place in a folder: names that Fold makes equal have the same.
func spotOf(parent, name string) string { return parent + "\x00" + Fold(name) }

// strays says why a node hangs on nothing, "" if it does not. Of a ring, the
// node with the smallest id is the one that does.
func (s *atlas) strays(id string) string {
	n := s.nodes[id]
	if isAnchor(n.Parent) {
		return ""
	}
	switch up, there := s.nodes[n.Parent]; {
	case !there:
		return fmt.Sprintf("its folder %q is not there", n.Parent)
	case up.Type != Folder:
		return fmt.Sprintf("it lies in %s, which is no folder", quote(up.Name))
	}
	least, seen := id, map[string]bool{}
	for at := id; !isAnchor(at); at = s.nodes[at].Parent {
		if _, there := s.nodes[at]; !there {
			return "" // the fault is further up
		}
		if seen[at] {
			if at == id && least == id {
				return "the folders above it make a ring"
			}
			return ""
		}
		seen[at], least = true, min(least, at)
	}
	return ""
}

// problem says what is wrong with a node, and what is done about it.
func (s *atlas) problem(id string) (problem, repair string) {
	n := s.nodes[id]
	switch clean, err := CleanName(n.Name); {
	case s.lost[id] != "":
		return s.lost[id], "move it to the top"
	case err != nil || clean != n.Name:
		return "its name is not allowed", "give it another"
	case s.spot(&n) != "" && s.first[s.spot(&n)] != id:
		return "another node has its name", "give it a number"
	}
	return "", ""
}

func (s *atlas) mend(c *command, id string) error {
	if problem, _ := s.problem(id); problem == "" {
		return nil
	}
	old := s.nodes[id]
	n := old
	if s.lost[id] != "" {
		n.Parent, n.From = Root, ""
	}
	clean, err := CleanName(n.Name)
	if err != nil {
		clean = "Recovered"
	}
	n.Name = clean
	if n.Parent != Trash && n.Parent != Undone {
		if n.Name, err = free(c.tx, n.Parent, id, clean); err != nil {
			return err
		}
	}
	return c.put(&old, &n)
}
