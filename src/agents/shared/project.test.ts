import { describe, expect, it } from 'vitest'
import { projectFromCwd, projectFromFolder } from './project.ts'

describe('projectFromFolder', () => {
  it.each([
    ['my-app', 'my_app'],
    ['-Users-a-code-my-app', 'my_app'],
    ['-Users-ann-my-app', 'app'],
    ['-home-ann-Projects-x-src-y', 'x_src_y'],
    ['-home-ann-code', 'code'],
    ['-home-ann-code-app--claude-worktrees-fix-1', 'app'],
    ['-private-tmp', null],
    ['-', null],
    ['', null],
  ])('reads %s as %s', (folder, project) => {
    expect(projectFromFolder(folder)).toBe(project)
  })
})

describe('projectFromCwd', () => {
  it.each([
    ['/home/a/my-app', null, 'my_app'],
    ['/home/a/my-app/', null, 'my_app'],
    ['C:\\Users\\a\\web-shop', null, 'web_shop'],
    ['\\\\host\\share\\tool', null, 'tool'],
    ['/home/a/x\\y', null, 'x\\y'],
    ['/Users/a/.superset/worktrees/shop/fix-1', null, 'shop'],
    ['/Users/a/conductor/workspaces/shop/lyon', null, 'shop'],
    ['/Users/a/.codex/worktrees/ab12/shop-api', null, 'shop_api'],
    ['/Users/a/.roborev/ci-worktrees/shop/x', null, 'shop'],
    ['/Users/a/.roborev/ci-worktrees/roborev-ci-12-3', null, 'roborev_ci'],
    ['/home/a/shop/.claude/worktrees/fix-login', null, 'shop'],
    ['/w/worktrees/github.com/acme/shop/fix-1', null, 'shop'],
    ['/home/a/shop-feature-login', 'feature/login', 'shop'],
    ['/home/a/shop_Feature_Login', 'feature/login', 'shop'],
    ['/home/a/shop-main', 'main', 'shop_main'],
    ['/home/a/login', 'login', 'login'],
    ['/', null, null],
    ['.', null, null],
    ['C:\\', null, null],
    ['', null, null],
  ])('reads %s on branch %s as %s', (cwd, branch, project) => {
    expect(projectFromCwd(cwd, branch)).toBe(project)
  })
})
