package preview

import "container/list"

// recent keeps the values used last, up to a number of them. It is not safe
// for concurrent use.
type recent[K comparable, V any] struct {
	max   int
	order *list.List // of *entry, most recent first
	byKey map[K]*list.Element
}

type entry[K comparable, V any] struct {
	key   K
	value V
}

func newRecent[K comparable, V any](maxEntries int) *recent[K, V] {
	return &recent[K, V]{max: maxEntries, order: list.New(), byKey: map[K]*list.Element{}}
}

func (r *recent[K, V]) get(k K) (V, bool) {
	e, ok := r.byKey[k]
	if !ok {
		var zero V
		return zero, false
	}
	r.order.MoveToFront(e)
	return e.Value.(*entry[K, V]).value, true
}

// peek is get without counting as a use.
func (r *recent[K, V]) peek(k K) (V, bool) {
	if e, ok := r.byKey[k]; ok {
		return e.Value.(*entry[K, V]).value, true
	}
	var zero V
	return zero, false
}

// put keeps a value, and drops the one that was not used for longest if there
// are too many.
func (r *recent[K, V]) put(k K, v V) {
	if e, ok := r.byKey[k]; ok {
		e.Value.(*entry[K, V]).value = v
		r.order.MoveToFront(e)
		return
	}
	r.byKey[k] = r.order.PushFront(&entry[K, V]{k, v})
	if r.order.Len() > r.max {
		last := r.order.Back()
		delete(r.byKey, last.Value.(*entry[K, V]).key)
		r.order.Remove(last)
	}
}
