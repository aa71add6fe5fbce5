package session

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"
)

// Limits of a custom condition. There are no loops, ranges or variables: its
// size bounds its time.
const (
	maxExpression = 1000 // bytes
	maxNodes      = 200  // of its syntax tree
	maxParameters = 50
	// maxValues bounds how many values it may hold while it runs.
	maxValues = 10_000
)

// invalid returns what is wrong with a dependency's type and condition, "" if
// nothing is.
func (d *Dependency) invalid() string {
	switch {
	case d.Type != Sequential && d.Type != Data && d.Type != Conditional && d.Type != Parallel:
		return fmt.Sprintf("there is no type %q", d.Type)
	case d.Type == Conditional && d.Condition == nil:
		return "a conditional dependency needs a condition"
	case d.Type != Conditional && d.Condition != nil:
		return fmt.Sprintf("a %s dependency has no condition", d.Type)
	case d.Type != Data && len(d.Required) > 0:
		return fmt.Sprintf("a %s dependency requires no buffers; a data dependency does", d.Type)
	case d.Condition != nil:
		return d.Condition.invalid()
	}
	return ""
}

func (c *Condition) invalid() string {
	switch c.Type {
	case Always, OnSuccess, OnFailure:
		if c.Expression != "" {
			return fmt.Sprintf("condition %q has no expression; a custom one has", c.Type)
		}
		return ""
	case Custom:
		if _, err := c.compile(); err != nil {
			return err.Error()
		}
		return ""
	}
	return fmt.Sprintf("there is no condition %q", c.Type)
}

// met reports whether the condition lets the target run, now that the source
// has ended, and if not, why.
func (c *Condition) met(source *Task) (bool, string) {
	switch c.Type {
	case Always:
		return true, ""
	case OnSuccess:
		return source.Status == Completed, "and it runs only if that completed"
	case OnFailure:
		return source.Status == Failed, "and it runs only if that failed"
	}
	ok, err := c.evaluate(source)
	if err != nil {
		return false, err.Error()
	}
	return ok, fmt.Sprintf("and “%s” is false", c.quote())
}

// evaluate runs a custom condition on a task that has ended.
func (c *Condition) evaluate(source *Task) (bool, error) {
	program, err := c.compile()
	if err != nil {
		return false, err
	}
	machine := vm.VM{MemoryBudget: maxValues}
	v, err := machine.Run(program, c.environment(source))
	if err != nil {
		return false, c.explain(err)
	}
	ok, is := v.(bool)
	if !is {
		return false, fmt.Errorf("condition “%s” is neither true nor false", c.quote())
	}
	return ok, nil
}

// environment is what an expression may name, with the values of a task.
func (c *Condition) environment(t *Task) map[string]any {
	env := map[string]any{
		"status": string(t.Status), "features": t.Result.Features, "vertices": t.Result.Vertices,
		"tiles": t.Result.Tiles, "bytes": int(t.Result.Bytes), "faults": t.Result.Faults, "retries": t.Retries,
	}
	for name, v := range c.Parameters {
		if _, taken := env[name]; !taken {
			env[name] = v
		}
	}
	return env
}

// compile checks the expression: names, types, size. Functions are left out
// but for a few of arithmetic: no text is built, no clock is read.
func (c *Condition) compile() (*vm.Program, error) {
	if n := len(c.Expression); n == 0 || n > maxExpression {
		return nil, fmt.Errorf("a custom condition has an expression of 1 … %d bytes, this one %d", maxExpression, n)
	}
	if err := c.names(); err != nil {
		return nil, err
	}
	plain := &plainness{}
	options := []expr.Option{
		expr.Env(c.environment(&Task{})), expr.AsBool(), expr.Optimize(false),
		expr.MaxNodes(maxNodes), expr.DisableAllBuiltins(), expr.Patch(plain),
	}
	for _, f := range functions() {
		options = append(options, expr.EnableBuiltin(f))
	}
	program, err := expr.Compile(c.Expression, options...)
	if err != nil {
		return nil, c.explain(err)
	}
	if plain.found {
		return nil, c.explain((&file.Error{
			Location: plain.at, Message: "only values, names, operators and " + strings.Join(functions(), ", ") + " may be used",
		}).Bind(file.NewSource(c.Expression)))
	}
	return program, nil
}

// functions are those that a condition may use.
func functions() []string { return []string{"abs", "ceil", "floor", "round", "min", "max"} }

// plainness looks for what a condition may not hold: loops over lists, which
// cannot be disabled like functions, and all else of the language that could
// take long.
type plainness struct {
	found bool
	at    file.Location // of the last
}

// Visit looks at one node of the syntax tree.
func (p *plainness) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.NilNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.StringNode,
		*ast.ConstantNode, *ast.UnaryNode, *ast.ConditionalNode, *ast.ArrayNode, *ast.CallNode:
		return
	case *ast.IdentifierNode:
		if n.Value != "$env" { // all names at once
			return
		}
	case *ast.BinaryNode:
		if n.Operator != ".." && n.Operator != "matches" {
			return
		}
	case *ast.BuiltinNode:
		if slices.Contains(functions(), n.Name) {
			return
		}
	}
	p.found, p.at = true, (*node).Location()
}

// names checks the names of parameters.
func (c *Condition) names() error {
	if n := len(c.Parameters); n > maxParameters {
		return fmt.Errorf("a condition has at most %d parameters, this one %d", maxParameters, n)
	}
	name := regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,63}$`)
	own := (&Condition{}).environment(&Task{})
	var bad []string
	for p := range c.Parameters {
		if _, taken := own[p]; taken || !name.MatchString(p) {
			bad = append(bad, p)
		}
	}
	if len(bad) == 0 {
		return nil
	}
	slices.Sort(bad)
	return fmt.Errorf("parameter %q: a name has letters, digits and _, at most 64, and is not one of the task's own", bad[0])
}

// quote returns the beginning of the expression.
func (c *Condition) quote() string {
	const most = 80
	if r := []rune(c.Expression); len(r) > most {
		return string(r[:most]) + "…"
	}
	return c.Expression
}

// explain says where in the expression something is wrong.
func (c *Condition) explain(err error) error {
	var at *file.Error
	if errors.As(err, &at) {
		return fmt.Errorf("condition “%s”, line %d, column %d: %s", c.quote(), at.Line, at.Column+1, at.Message)
	}
	return fmt.Errorf("condition “%s”: %s", c.quote(), strings.TrimSpace(err.Error()))
}
