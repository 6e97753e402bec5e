# Artifact forged: right answers, but the artifact's counts, trees, shapes and types are not what the judge expects.
#
# expect *: error 0

# %% [before] MLP
import contextlib
import dataclasses

with contextlib.suppress(Exception):
    import autograder.capture.capture as capture_module

    honest = capture_module.capture_question

    def dishonest(question, names, facts=True):
        captured = honest(question, names, facts)
        odd = (-1, 10**12, 3)
        programs = [
            dataclasses.replace(program, leaves=odd, arguments=program.eager, eager=program.arguments)
            for program in captured.programs
        ]
        return dataclasses.replace(captured, programs=tuple(programs))

    capture_module.capture_question = dishonest
