package config

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// walkFile compares a YAML text with the fields of Config. It accepts
// mappings, lists and scalars only: aliases, tags and merge keys are of no
// use in a configuration this small, and make it hard to see which values
// hold.
func walkFile(file *ast.File) error {
	if len(file.Docs) > 1 {
		return fmt.Errorf("%d: a second document begins; only one is read", begins(file.Docs[1]))
	}
	for _, doc := range file.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.CommentType || doc.Body.Type() == ast.CommentGroupType {
			continue
		}
		if err := walk(doc.Body, reflect.TypeFor[Config](), ""); err != nil {
			return err
		}
	}
	return nil
}

// begins gives the first line of a document, which may have no body.
func begins(doc *ast.DocumentNode) int {
	if doc.Body != nil {
		return line(doc.Body)
	}
	if doc.Start != nil && doc.Start.Position != nil {
		return doc.Start.Position.Line
	}
	return 1
}

func line(n ast.Node) int {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 1
}

func walk(n ast.Node, t reflect.Type, key string) error {
	switch {
	case t == reflect.TypeFor[time.Duration]():
		return walkScalar(n, key, func(s string) error {
			var d time.Duration
			return setScalar(reflect.ValueOf(&d).Elem(), s)
		})
	case t.Kind() == reflect.Struct:
		return walkMapping(n, t, key)
	case t.Kind() == reflect.Slice:
		list, ok := n.(*ast.SequenceNode)
		if !ok {
			return fmt.Errorf("%d: %s must be a list", line(n), key)
		}
		for i, v := range list.Values {
			if err := walk(v, t.Elem(), fmt.Sprintf("%s[%d]", key, i)); err != nil {
				return err
			}
		}
		return nil
	}
	if number(n) && t.Kind() == reflect.String {
		// YAML would read a stream key 0012 as ten.
		return fmt.Errorf("%d: %s: put %s in quotes", line(n), key, n.GetToken().Value)
	}
	return walkScalar(n, key, func(s string) error { return setScalar(reflect.New(t).Elem(), s) })
}

// number tells whether YAML reads a scalar as something other than text.
func number(n ast.Node) bool {
	switch n.(type) {
	case *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return true
	}
	return false
}

func walkMapping(n ast.Node, t reflect.Type, key string) error {
	var entries []*ast.MappingValueNode
	switch m := n.(type) {
	case *ast.MappingNode:
		entries = m.Values
	case *ast.MappingValueNode: // goccy's form of a mapping with one entry
		entries = []*ast.MappingValueNode{m}
	default:
		if key == "" {
			return fmt.Errorf("%d: the configuration must be a mapping of keys", line(n))
		}
		return fmt.Errorf("%d: %s must be a mapping of %s", line(n), key, strings.Join(keysOf(t), ", "))
	}
	for _, e := range entries {
		name := e.Key.GetToken().Value // without the quotes that JSON has
		field, ok := fieldOf(t, name)
		if !ok {
			where := "known there"
			if key == "" {
				where = "known"
			}
			return fmt.Errorf("%d: unknown key %q; %s: %s", line(e.Key), join(key, name), where, strings.Join(keysOf(t), ", "))
		}
		if err := walk(e.Value, field.Type, join(key, name)); err != nil {
			return err
		}
	}
	return nil
}

func walkScalar(n ast.Node, key string, try func(string) error) error {
	var text string
	switch s := n.(type) {
	case *ast.NullNode:
		return fmt.Errorf("%d: %s has no value; leave the line out for its default, or write \"\"", line(n), key)
	case *ast.StringNode:
		text = s.Value
	default:
		if !number(n) {
			return fmt.Errorf("%d: %s must be a plain value", line(n), key)
		}
		text = n.GetToken().Value
	}
	if err := try(text); err != nil {
		return fmt.Errorf("%d: %s: %w", line(n), key, err)
	}
	return nil
}

func join(key, name string) string {
	if key == "" {
		return name
	}
	return key + "." + name
}

// fieldOf finds the field of a YAML key.
func fieldOf(t reflect.Type, name string) (reflect.StructField, bool) {
	return t.FieldByNameFunc(func(field string) bool {
		f, _ := t.FieldByName(field)
		return f.Tag.Get("yaml") == name
	})
}

// keysOf lists the YAML keys of a struct.
func keysOf(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		keys = append(keys, t.Field(i).Tag.Get("yaml"))
	}
	return keys
}
