"""Parts of the modules that "Export Grader" writes (src/core/graders/export): each module is one file of several parts.

Parts import on lines of their own, one line an import; what they take from each other stands in one file afterwards.
"""
