package session

import (
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// DependencyType says what a task waits for.
type DependencyType string

// The types.
const (
	// Sequential: until the source has completed.
	Sequential DependencyType = "sequential"
	// Data: until the source has completed and left the named buffers.
	Data DependencyType = "data"
	// Conditional: until the source has ended; then the condition decides
	// whether the target runs or is skipped.
	Conditional DependencyType = "conditional"
	// Parallel: until the source has begun; the two run side by side.
	Parallel DependencyType = "parallel"
)

// DependencyStatus is how a dependency stands.
type DependencyStatus string

// The states: pending → satisfied, failed or skipped.
const (
	DepPending   DependencyStatus = "pending"
	DepSatisfied DependencyStatus = "satisfied"
	DepFailed    DependencyStatus = "failed"
	DepSkipped   DependencyStatus = "skipped"
)

// ConditionType says when a Conditional dependency is satisfied.
type ConditionType string

// The conditions.
const (
	Always    ConditionType = "always"
	OnSuccess ConditionType = "success"
	OnFailure ConditionType = "failure"
	Custom    ConditionType = "custom"
)

// Condition of a Conditional dependency.
type Condition struct {
	Type ConditionType `cbor:"1,keyasint"`
	// Expression of a Custom condition, true or false, over the source task:
	// status, features, vertices, tiles, bytes, faults, retries, and the
	// parameters by name. Language: expr-lang.org.
	Expression string             `cbor:"2,keyasint,omitempty"`
	Parameters map[string]float64 `cbor:"3,keyasint,omitempty"`
}

// DataFlow says what becomes of the data on its way.
type DataFlow string

// The flows.
const (
	Direct      DataFlow = "direct"
	Transformed DataFlow = "transformed"
	Aggregated  DataFlow = "aggregated"
	Filtered    DataFlow = "filtered"
)

// Transformation describes a change of form between two tasks.
type Transformation struct {
	Input      Format             `cbor:"1,keyasint"`
	Output     Format             `cbor:"2,keyasint"`
	Name       string             `cbor:"3,keyasint"`
	Parameters map[string]float64 `cbor:"4,keyasint,omitempty"`
}

// Dependency is an edge between two tasks of a session (the original's
// TaskDependency; Relational between tasks, Ephemeral).
type Dependency struct {
	ID        string           `cbor:"1,keyasint"` // "<source>><target>", unique in the session
	Session   string           `cbor:"2,keyasint"` // with ID, the key
	Source    string           `cbor:"3,keyasint"`
	Target    string           `cbor:"4,keyasint"`
	Created   time.Time        `cbor:"5,keyasint"`
	Updated   time.Time        `cbor:"6,keyasint"`
	Type      DependencyType   `cbor:"7,keyasint"`
	Condition *Condition       `cbor:"8,keyasint,omitempty"`
	Required  []string         `cbor:"9,keyasint,omitempty"` // ids of buffers
	Status    DependencyStatus `cbor:"10,keyasint"`
	Evaluated time.Time        `cbor:"11,keyasint,omitzero"`
	Flow      DataFlow         `cbor:"12,keyasint"`
	Rules     []Transformation `cbor:"13,keyasint,omitempty"`
}

// Dependencies returns the table of dependencies, by session and id.
func Dependencies() *kv.Table[Dependency] {
	in := func(d *Dependency) kv.Key { return kv.Key(nil).Str(d.Session) }
	return &kv.Table[Dependency]{
		Name: "dependencies", Version: 1,
		Key: func(d *Dependency) kv.Key { return in(d).Str(d.ID) },
		Indexes: []kv.Index[Dependency]{
			{Name: "source", Keys: kv.One(func(d *Dependency) kv.Key { return in(d).Str(d.Source).Str(d.Target) })},
			{Name: "target", Keys: kv.One(func(d *Dependency) kv.Key { return in(d).Str(d.Target).Str(d.Source) })},
			{Name: "type", Keys: kv.One(func(d *Dependency) kv.Key { return in(d).Str(string(d.Type)) })},
			{Name: "status", Keys: kv.One(func(d *Dependency) kv.Key { return in(d).Str(string(d.Status)) })},
		},
	}
}
