"""Run what is not trusted apart from everything else.

    isolation = choice.choose("auto", hidden=[course])        bwrap, a container, or a refusal that says what to do
    ended = process.run_apart(Job("autograder.capture.run", …), isolation)

`paths` is what a sandbox sees; `bwrap`, `container` and `local` how it is started and stopped; `limits` what it may
use, `tree` what it does use; `channel` what it may say; `inside` its first steps; `process` the watch over all that;
`probe` looks around from inside; `choice` and `remedies` say what works here, and what to do where nothing does.

Imports are left to those modules: a sandboxed process loads `inside`, and no more than that needs.
"""
